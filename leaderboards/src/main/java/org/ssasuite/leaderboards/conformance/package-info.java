/** What {@code ssa run --suite conformance} says: are modes still the same model? */
package org.ssasuite.leaderboards.conformance;

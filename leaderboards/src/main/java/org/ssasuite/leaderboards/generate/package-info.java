/** {@code ssa generate}: greedy continuation of a text. */
package org.ssasuite.leaderboards.generate;

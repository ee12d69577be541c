/** {@code ssa gate}: has the perplexity risen by more than a margin? Yes, no, or cannot tell. */
package org.ssasuite.leaderboards.gate;

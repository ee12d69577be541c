/** {@code ssa decontaminate}: what a training corpus shares with the suites' texts. */
package org.ssasuite.leaderboards.decontaminate;

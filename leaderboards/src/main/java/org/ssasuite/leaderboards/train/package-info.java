/** {@code ssa train} and what belongs to it: the trainer on the command line. */
package org.ssasuite.leaderboards.train;

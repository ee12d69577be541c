/** {@code ssa samples}: what a task asks, for others to compare with. */
package org.ssasuite.leaderboards.samples;

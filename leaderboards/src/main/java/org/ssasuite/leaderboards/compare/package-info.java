/**
 * {@code ssa compare}: the same samples answered twice, paired, with an interval, a test and a
 * verdict.
 */
package org.ssasuite.leaderboards.compare;

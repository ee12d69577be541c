/** Averages over the tasks of a suite. */
package org.ssasuite.leaderboards.report.average;

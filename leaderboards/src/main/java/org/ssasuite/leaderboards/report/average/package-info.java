/** Models in their modes by tasks, with averages over the tasks of a suite. */
package org.ssasuite.leaderboards.report.average;

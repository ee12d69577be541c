/** Which rows of a leaderboard a test can tell apart, from their logs. */
package org.ssasuite.leaderboards.report.ties;

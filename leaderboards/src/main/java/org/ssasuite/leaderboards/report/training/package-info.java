/** Training runs as curves of a report. */
package org.ssasuite.leaderboards.report.training;

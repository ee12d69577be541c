/** A leaderboard turned: models by tasks. */
package org.ssasuite.leaderboards.report.pivot;

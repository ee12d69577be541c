/** A leaderboard as tables for LaTeX. */
package org.ssasuite.leaderboards.report.latex;

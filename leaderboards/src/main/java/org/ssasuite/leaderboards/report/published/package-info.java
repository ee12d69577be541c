/** Figures that others published, to be read beside ours. */
package org.ssasuite.leaderboards.report.published;

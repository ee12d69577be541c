/** Results in the layout of lm-evaluation-harness, for tools that read that. */
package org.ssasuite.leaderboards.report.lmeval;

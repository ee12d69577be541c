/** A report as one page that needs nothing else, and its pictures as files. */
package org.ssasuite.leaderboards.report.page;

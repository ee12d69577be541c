/** Tables of results over one or several runs: CSV for machines, Markdown for people. */
package org.ssasuite.leaderboards.report;

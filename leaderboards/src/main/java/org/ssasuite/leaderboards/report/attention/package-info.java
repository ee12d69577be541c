/** What a report says of attention: means, differences, heads, curves by position. */
package org.ssasuite.leaderboards.report.attention;

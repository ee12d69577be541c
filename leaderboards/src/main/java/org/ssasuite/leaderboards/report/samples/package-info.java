/** What a report keeps of single samples. */
package org.ssasuite.leaderboards.report.samples;

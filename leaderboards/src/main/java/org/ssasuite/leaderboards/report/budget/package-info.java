/** What a run of suite budget says: what each budget buys, against controls, and what it costs. */
package org.ssasuite.leaderboards.report.budget;

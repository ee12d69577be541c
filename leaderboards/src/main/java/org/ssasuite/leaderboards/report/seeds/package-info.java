/** Rows that differ in nothing but a seed, together. */
package org.ssasuite.leaderboards.report.seeds;

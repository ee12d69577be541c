/** What a report says of suite extrapolation: curves, safe lengths, pairs, and attention beside. */
package org.ssasuite.leaderboards.report.extrapolation;

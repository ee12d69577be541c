/** What answers took. */
package org.ssasuite.leaderboards.report.speed;

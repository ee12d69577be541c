/** Where figures come from, and how they are made again. */
package org.ssasuite.leaderboards.report.provenance;

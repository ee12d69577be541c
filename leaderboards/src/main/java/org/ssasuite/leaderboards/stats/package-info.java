/** Where the attention of one text goes, for outsiders' checks. */
package org.ssasuite.leaderboards.stats;

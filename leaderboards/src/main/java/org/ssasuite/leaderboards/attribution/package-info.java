/** What a report says about why samples failed, and which heads looked at their needles. */
package org.ssasuite.leaderboards.attribution;

/** What there is: tasks, models, attention modes. */
package org.ssasuite.leaderboards.listing;

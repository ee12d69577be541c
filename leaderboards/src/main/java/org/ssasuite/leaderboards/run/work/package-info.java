/** How much there is to do in a run, how long that takes, and how it is shared out. */
package org.ssasuite.leaderboards.run.work;

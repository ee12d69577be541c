/** Spark as a process beside this one: how it is started, what it is asked, what comes back. */
package org.ssasuite.leaderboards.run.spark;

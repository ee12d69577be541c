/** Evaluating: what is asked for, what that comes to, checking it, doing it, writing it down. */
package org.ssasuite.leaderboards.run;

/** The program. */
package org.ssasuite.leaderboards;

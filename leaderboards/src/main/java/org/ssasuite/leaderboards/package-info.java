/** The program: its entry point, and the one place where its commands are put together. */
package org.ssasuite.leaderboards;

/** {@code ssa rescore}: scoring of predictions that other programs made. */
package org.ssasuite.leaderboards.rescore;

/** {@code ssa bench}: how fast models are here, and against what the machine can do. */
package org.ssasuite.leaderboards.bench;

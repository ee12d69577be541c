/**
 * Attention statistics: what can be asked for, how the operators hand over their sums, and what the
 * sums mean. Definitions: {@code docs/command-formats.md}, "Attention statistics".
 */
package org.ssasuite.runtime.statistics;

package org.ssasuite.runtime.observation;

import org.ssasuite.runtime.statistics.QueryRange;

/**
 * What a run gave of one of its sequences.
 *
 * @param sequence its number among the run's
 * @param firstRow its first token's row in outputs of a row per token
 * @param positions of its tokens
 */
public record RunPart(RunOutputs outputs, int sequence, int firstRow, QueryRange positions) {}

package org.ssasuite.trainer.run;

import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.trainer.model.StepLosses;

/**
 * One optimiser step as the log has it.
 *
 * @param step from 1
 * @param tokens of all steps so far
 * @param mode the stream: full, sparse or mixed
 * @param coverage where it was measured
 * @param tokensPerSecond of this step
 * @param flopsShare model FLOPs used of the stated peak, 0 to 1; absent without a peak
 * @param seconds since the run began or went on
 */
public record StepRecord(
    int step,
    long tokens,
    String mode,
    StepLosses losses,
    double learningRate,
    Optional<Coverage> coverage,
    double tokensPerSecond,
    OptionalDouble flopsShare,
    double seconds) {}

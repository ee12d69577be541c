package org.ssasuite.leaderboards.model;

import picocli.CommandLine.Command;

/** {@code ssa model}: what makes models. */
@Command(
    name = "model",
    header = "Makes models.",
    footer = {
      "",
      "Examples:",
      "  ssa model random --recipe ssa-mini --seed 1 --out /tmp/random-mini",
      "  ssa model round --model runs/ssa/checkpoints/step-00001400 --precision bf16 --out mine",
      "  ssa model random --help"
    })
public final class ModelCommand {}

package org.ssasuite.leaderboards.train;

import picocli.CommandLine.Command;

/** {@code ssa train}: data for training. */
@Command(
    name = "train",
    header = "Prepares training data.",
    footer = {
      "",
      "Examples:",
      "  ssa train prepare --corpus books.jsonl.zst --tokenizer ssa-mini --out data",
      "  ssa train prepare --help"
    })
public final class TrainCommand {}

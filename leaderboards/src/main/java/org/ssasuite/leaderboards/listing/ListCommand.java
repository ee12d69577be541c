package org.ssasuite.leaderboards.listing;

import picocli.CommandLine.Command;

/** {@code ssa list}: what there is. */
@Command(
    name = "list",
    header = "Lists tasks, models or attention modes.",
    footer = {
      "",
      "Examples:",
      "  ssa list tasks",
      "  ssa list models --json",
      "  ssa list modes",
    })
public final class ListCommand {}

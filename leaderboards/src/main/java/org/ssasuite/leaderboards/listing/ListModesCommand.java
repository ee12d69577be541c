package org.ssasuite.leaderboards.listing;

import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa list modes}: how attention modes are written. */
@Command(
    name = "modes",
    header = "Attention modes and how they are written.",
    footer = {
      "",
      "Examples:",
      "  ssa list modes",
      "  ssa run --model ssa-mini --modes full,sparse,sparse:16x8,released:16x16 --tasks pg19",
    })
public final class ListModesCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public ListModesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Listing listing = new Listing("modes");
    listing.row("form", "full", "meaning", "every token attends to all tokens before it");
    listing.row(
        "form",
        "sparse:SxK",
        "meaning",
        "K blocks of S tokens: the own one and the most important others, exact top-k");
    listing.row("form", "sparse", "meaning", "the same with the budget that config.json states");
    listing.row(
        "form",
        "released:SxK",
        "meaning",
        "the same with the selection of the released kernels (K = S, or exact where 2K <= S)");
    listing.row(
        "form",
        "window:SxK",
        "meaning",
        "control: the first block and the K - 1 most recent ones (StreamingLLM); K = 1: the own one");
    listing.row(
        "form",
        "random:SxK",
        "meaning",
        "control: the own block and K - 1 others, drawn by document, layer, KV head and token");
    listing.row(
        "form",
        "best:SxK",
        "meaning",
        "control: the own block and the K - 1 others that hold most of full attention's mass");
    listing.row(
        "form",
        "nsa:SxK",
        "meaning",
        "compressed blocks, K selected blocks of S tokens, and a window; NSA models only");
    listing.row("form", "nsa", "meaning", "the same as nsa:16x16");
    listing.print(console, json);
    if (!json) {
      console.out().println();
      console.out().println("S is 8, 16, 32, 64 or 128; K is 1 or more, the own block included.");
      console.requireWritten();
    }
    return ExitStatus.DONE.code();
  }
}

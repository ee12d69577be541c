package org.ssasuite.leaderboards.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.leaderboards.text.CorpusFlags;
import org.ssasuite.trainer.data.CorpusChanges;
import org.ssasuite.trainer.data.Preparation;
import org.ssasuite.trainer.data.PreparedData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa train prepare}: texts become shards of tokens. */
@Command(
    name = "prepare",
    header = "Turns texts into shards of tokens that training reads through the memory map.",
    description = {
      "Each document is tokenised as a whole, nothing added but an end token behind it. Documents",
      "whose text an earlier one has too are counted, and left out on request."
    },
    footer = {
      "",
      "Examples:",
      "  ssa train prepare --corpus books.jsonl.zst --tokenizer ssa-mini --out data",
      "  ssa train prepare --corpus a.jsonl b.jsonl.gz --tokenizer my-llama --drop-duplicates \\",
      "    --out data",
      "  ssa train prepare --corpus books.jsonl.zst --tokenizer ssa-mini --wrap 0.5 --recall 0.04 \\",
      "    --out data"
    })
public final class TrainPrepareCommand implements Callable<Integer> {
  private static final int MAX_THREADS = 1024;
  private static final double MAX_RECALL = 0.9;
  private static final long REPORTED_TOKENS = 10_000_000;

  private final Console console;
  private final Home home;

  @Mixin private CorpusFlags corpus;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      required = true,
      description = "Folder with tokenizer.json, or an embedded model.")
  private Path tokenizer;

  @Option(
      names = "--end-token",
      paramLabel = "ID",
      description = "Stands behind each document. Default: eos_token of tokenizer_config.json.")
  private Integer endToken;

  @Option(names = "--drop-duplicates", description = "Leave out texts that came before.")
  private boolean dropDuplicates;

  @Option(
      names = "--wrap",
      paramLabel = "SHARE",
      description =
          "Break the lines of this share of documents at 64 to 76 columns, as printed pages' are. "
              + "Default: 0.")
  private double wrapped;

  @Option(
      names = "--recall",
      paramLabel = "SHARE",
      description =
          "Put documents in that state hidden codes and ask for them, until they have this share "
              + "of all characters. Default: 0.")
  private double recall;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws what --wrap and --recall do. Default: 42.")
  private long seed = 42;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that tokenise; changes no byte. Default: all processors.")
  private int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the shards, new or empty.")
  private Path out;

  @Option(names = "--json", description = "Print data.json instead of a table.")
  private boolean json;

  public TrainPrepareCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new BadInputException("--threads", "must be 1 to " + MAX_THREADS + ", not " + threads);
    }
    if (!(wrapped >= 0 && wrapped <= 1)) {
      throw new BadInputException("--wrap", "must be 0 to 1, not " + wrapped);
    }
    if (!(recall >= 0 && recall <= MAX_RECALL)) {
      throw new BadInputException("--recall", "must be 0 to " + MAX_RECALL + ", not " + recall);
    }
    Preparation.Request request =
        new Preparation.Request(
            corpus.files(),
            tokenizerFolder(),
            endToken == null ? OptionalInt.empty() : OptionalInt.of(endToken),
            dropDuplicates,
            new CorpusChanges(wrapped, recall, seed),
            threads,
            out);
    PreparedData data = Preparation.run(request, new Progress()::add);
    if (json) {
      console.out().print(data.json());
    } else {
      print(data);
    }
    console.requireWritten();
    return ExitStatus.DONE.code();
  }

  /** A folder of the user's goes before an embedded model of that name. */
  private Path tokenizerFolder() {
    Path embedded = home.models().resolve(tokenizer);
    return !Files.exists(tokenizer) && Files.isDirectory(embedded) ? embedded : tokenizer;
  }

  private void print(PreparedData data) {
    MarkdownTable table =
        new MarkdownTable()
            .column("Corpus", Side.LEFT)
            .column("Documents", Side.RIGHT)
            .column("Duplicates", Side.RIGHT)
            .column("Empty", Side.RIGHT)
            .column("Tokens", Side.RIGHT);
    for (PreparedData.Row row : data.rows()) {
      table.row(
          List.of(
              MarkdownTable.escaped(row.name()),
              grouped(row.documents()),
              grouped(row.duplicates()),
              grouped(row.empty()),
              grouped(row.tokens())));
    }
    console.out().print(table.text());
    console.out().println("Duplicates were " + (data.duplicatesDropped() ? "left out." : "kept."));
    console.out().println("Digest: " + data.digest());
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Says on the side how far it is. Mutable, one owner. */
  private final class Progress {
    private long tokens;

    void add(long more) {
      if ((tokens + more) / REPORTED_TOKENS > tokens / REPORTED_TOKENS) {
        console.err().println(grouped(tokens + more) + " tokens");
      }
      tokens += more;
    }
  }
}

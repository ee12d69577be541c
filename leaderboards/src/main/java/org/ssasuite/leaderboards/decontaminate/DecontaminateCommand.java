package org.ssasuite.leaderboards.decontaminate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.leaderboards.text.CorpusFlags;
import org.ssasuite.trainer.data.CorpusFile;
import org.ssasuite.trainer.overlap.OverlapReport;
import org.ssasuite.trainer.overlap.OverlapSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa decontaminate}: is what evaluates a model in what it was trained on? */
@Command(
    name = "decontaminate",
    header = "Finds texts of evaluation suites in a training corpus.",
    description = {
      "Looks for every 13 words in a row that a suite's documents, prompts or answers have. Words",
      "are runs of letters and digits in lower case. Memory grows with the suites, not with the",
      "corpus. Ends with 1 if anything is found, with 0 if nothing is."
    },
    footer = {
      "",
      "Examples:",
      "  ssa decontaminate --corpus books.jsonl.zst",
      "  ssa decontaminate --corpus a.jsonl b.jsonl.gz --suite pg19 longbench --data my-data \\",
      "    --out overlaps.json"
    })
public final class DecontaminateCommand implements Callable<Integer> {
  private static final long REPORTED_WORDS = 25_000_000;

  private final Console console;
  private final Home home;

  @Mixin private CorpusFlags corpus;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      arity = "1..*",
      description = "Suites. Default: pg19, commonsense, ruler (its questions), longbench.")
  private List<String> suites = List.of("pg19", "commonsense", "ruler", "longbench");

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write all that was found into a JSON file.")
  private Path out;

  @Option(names = "--json", description = "Print that JSON instead of tables.")
  private boolean json;

  public DecontaminateCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    Optional.ofNullable(out).ifPresent(OutputFile::requireWritable);
    for (CorpusFile file : corpus.files()) {
      Path path = file.path();
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw new BadInputException(
            path, Files.isDirectory(path) ? "is a folder, not a file" : "no such file");
      }
    }
    SuiteTexts texts =
        new SuiteTexts(
            TaskModules.catalogue(), TaskModules.supplies(data == null ? home.data() : data));
    LinkedHashSet<String> chosen = new LinkedHashSet<>(suites);
    for (String suite : chosen) {
      if (texts.tasks(suite).isEmpty()) {
        console.err().println("suite " + suite + ": there is no text of its own to look for");
      }
    }
    OverlapReport report =
        OverlapSearch.run(chosen.stream().flatMap(texts::of), corpus.files(), new Progress()::add);
    Optional.ofNullable(out).ifPresent(file -> OutputFile.write(file, report.json()));
    console.out().print(json ? report.json() : OverlapMarkdown.of(report));
    console.requireWritten();
    return (report.clean() ? ExitStatus.DONE : ExitStatus.CHECK_SAYS_NO).code();
  }

  /** Says on the side how far it is. Mutable, one owner. */
  private final class Progress {
    private long words;

    void add(long more) {
      if ((words + more) / REPORTED_WORDS > words / REPORTED_WORDS) {
        console.err().println(String.format(Locale.ROOT, "%,d words of the corpus", words + more));
      }
      words += more;
    }
  }
}

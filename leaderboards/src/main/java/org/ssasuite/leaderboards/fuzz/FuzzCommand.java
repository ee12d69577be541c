package org.ssasuite.leaderboards.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.program.ProcessMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa fuzz}: our own readers on files that are wrong. */
@Command(
    name = "fuzz",
    header = "Reads thousands of spoilt files with the suite's own readers.",
    description = {
      "Every file must be read as what it is or refused in one line that names it, within 5 s and",
      "a bound of memory. The same seed spoils the same files the same way. Ends with status 1 if",
      "a reader did anything else; docs/fuzzing.md has readers, mutations and bounds."
    },
    footer = {
      "",
      "Examples:",
      "  ssa fuzz --seed 1 --n 1000",
      "  ssa fuzz --seed 1 --n 100 --reader safetensors --reader config --json",
      "  ssa fuzz --seed 1 --reader tokenizer --case 17 --out spoilt",
    })
public final class FuzzCommand implements Callable<Integer> {
  private final Console console;
  private final Supplier<List<FuzzedReader>> source;
  private final CaseProcess process;
  private List<FuzzedReader> readers = List.of();

  @Option(names = "--seed", paramLabel = "S", description = "Any whole number. Default: 1.")
  private long seed = 1;

  @Option(names = "--n", paramLabel = "N", description = "Cases of each reader. Default: 1000.")
  private int cases = 1_000;

  @Option(
      names = "--reader",
      paramLabel = "NAME",
      description = "Only this one; may be given several times. Default: all.")
  private List<String> names = List.of();

  @Option(names = "--case", paramLabel = "I", description = "Only case I of one reader, from 0.")
  private Integer only;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keep the files that were not taken well, and with --case the one.")
  private Path out;

  @Option(
      names = "--from",
      hidden = true,
      description = "Run cases in this process, and say a line before and after each.")
  private Integer from;

  /**
   * The command.
   *
   * @param main the class that the processes for cases start
   */
  public FuzzCommand(Console console, Class<?> main) {
    this(console, FuzzedReaders::all, CaseProcess.of(main));
  }

  /** The same for other readers. */
  FuzzCommand(Console console, Supplier<List<FuzzedReader>> source, CaseProcess process) {
    this.console = console;
    this.source = source;
    this.process = process;
  }

  @Override
  public Integer call() {
    if (cases < 1) {
      throw new BadInputException("--n", "must be at least 1, not " + cases);
    }
    // Not before: other commands of the program have no use for them.
    readers = source.get();
    List<FuzzedReader> chosen = chosen();
    if (from != null) {
      return runHere(chosen.get(0));
    }
    if (out != null) {
      OutputFile.requireFolder(out);
    }
    List<FuzzRow> rows = only == null ? runAll(chosen) : List.of(runOne(chosen));
    FuzzReport report = new FuzzReport(seed, rows);
    if (json) {
      console.out().print(report.json());
    } else {
      rows.forEach(row -> row.findings().forEach(f -> console.out().print(report.finding(row, f))));
    }
    console.requireWritten();
    return (report.well() ? ExitStatus.DONE : ExitStatus.CHECK_SAYS_NO).code();
  }

  private List<FuzzedReader> chosen() {
    for (String name : names) {
      if (readers.stream().noneMatch(reader -> reader.name().equals(name))) {
        throw new BadInputException(
            "reader " + name,
            readers.stream()
                .map(FuzzedReader::name)
                .collect(Collectors.joining(", ", "is none of ", "")));
      }
    }
    return readers.stream()
        .filter(reader -> names.isEmpty() || names.contains(reader.name()))
        .toList();
  }

  private List<FuzzRow> runAll(List<FuzzedReader> chosen) {
    List<FuzzRow> rows = new ArrayList<>();
    print(FuzzReport.heading());
    for (FuzzedReader reader : chosen) {
      FuzzRow row = new FuzzRow(reader.name());
      process.run(reader, seed, cases, row::add);
      row.findings().forEach(finding -> keep(new FuzzCase(reader, seed, finding.number())));
      rows.add(row);
      print(FuzzReport.line(row));
    }
    return rows;
  }

  /** One case, here: whoever asks for it wants to see what it does, in a debugger for instance. */
  private FuzzRow runOne(List<FuzzedReader> chosen) {
    if (chosen.size() != 1) {
      throw new BadInputException("--case", "is of one reader; --reader says which");
    }
    if (only < 0) {
      throw new BadInputException("--case", "must be at least 0, not " + only);
    }
    FuzzCase one = new FuzzCase(chosen.get(0), seed, only);
    keep(one);
    FuzzRow row = new FuzzRow(one.reader().name());
    try (CaseFolder folder = CaseFolder.of(one.reader())) {
      Outcome outcome = new CaseRun(Bounds.STATED, Optional.empty()).outcome(one, folder);
      row.add(outcome);
      print(outcome.verdict().text() + " (" + outcome.mutation() + "): " + outcome.fact() + "\n");
    }
    return row;
  }

  /** What a process for cases does. A reader that hangs cannot be stopped, so this process ends. */
  private int runHere(FuzzedReader reader) {
    CaseRun run = new CaseRun(Bounds.STATED, ProcessMemory.find());
    try (CaseFolder folder = CaseFolder.of(reader)) {
      for (int i = from; i < cases; i++) {
        console.out().println(OutcomeLine.begun(i));
        Outcome outcome = run.outcome(new FuzzCase(reader, seed, i), folder);
        console.out().println(OutcomeLine.of(outcome));
        console.requireWritten();
        if (outcome.verdict() == Verdict.HANG) {
          break;
        }
      }
    }
    return ExitStatus.DONE.code();
  }

  private void keep(FuzzCase fuzzed) {
    if (out == null) {
      return;
    }
    Mutant mutant = fuzzed.mutant();
    Path folder = out.resolve(fuzzed.reader().name()).resolve("case-" + fuzzed.number());
    Path file = folder.resolve(fuzzed.reader().file() + mutant.ending());
    try {
      for (var beside : fuzzed.reader().company().entrySet()) {
        CaseFolder.write(folder.resolve(beside.getKey()), beside.getValue());
      }
      mutant.kind().put(file, mutant.content());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private void print(String text) {
    if (!json) {
      console.out().print(text);
      console.out().flush();
    }
  }
}

package org.ssasuite.leaderboards.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.ShardFolder;
import org.ssasuite.core.run.ShardMerge;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.program.ProgramDigest;
import org.ssasuite.leaderboards.report.ReportFiles;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.tokenizer.EncodedTexts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa merge}: the shards of a run become it. */
@Command(
    name = "merge",
    header =
        "Puts the shards of a run together, which then is as if it had been done in one place.",
    description = {
      "The folders of 'ssa run --shard 1/N' to 'N/N', in any order: all of one run, each once, and",
      "finished. samples.jsonl and results.json are the same bytes as those of the run in one piece",
      "on that kind of processor, times aside. No model is loaded; models and data lie where they",
      "lay when the shards were done."
    },
    footer = {
      "",
      "Exit status: 0 done, 4 a sample could not be scored, 2 bad input.",
      "",
      "Examples:",
      "  ssa merge runs/shard-1 runs/shard-2 --out runs/all",
      "  ssa merge runs/shard-* --out runs/all --json > results.json",
    })
public final class MergeCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of the shards.")
  private List<Path> runs;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Run folder; a merge that was interrupted goes on in it.")
  private Path out;

  @Option(names = "--fresh", description = "Take away the run that is in the folder; start over.")
  private boolean fresh;

  @Option(names = "--json", description = "Print results.json instead of the table.")
  private boolean json;

  public MergeCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    runs.forEach(this::requireApart);
    ResultFiles files = ResultFiles.write(out, merged());
    console.out().print(files.shown(json));
    console.requireWritten();
    boolean complete = files.run().result().complete();
    return (complete ? ExitStatus.DONE : ExitStatus.INCOMPLETE).code();
  }

  private void requireApart(Path run) {
    if (isSame(run, out)) {
      throw new BadInputException("--out " + out, "is the folder of a shard");
    }
  }

  /** Its lock is held already: opening it again would tell of another process. */
  private static void requireOnce(Path run, List<ShardFolder> shards) {
    for (ShardFolder shard : shards) {
      if (isSame(run, shard.path())) {
        throw new BadInputException(run, "is named twice");
      }
    }
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      throw BadInputException.io(a, e);
    }
  }

  private RunResult merged() {
    List<ShardFolder> shards = new ArrayList<>();
    try {
      for (Path run : runs) {
        requireOnce(run, shards);
        shards.add(ShardFolder.open(run));
      }
      ShardMerge merge = ShardMerge.of(shards);
      RunManifest manifest = merge.manifest();
      RunPlan plan = planned(manifest);
      Optional<RunResult> finished = gather(merge, manifest);
      return finished.orElseGet(() -> count(plan, manifest));
    } finally {
      shards.forEach(ShardFolder::close);
    }
  }

  /**
   * The run that the shards are of, as it would be planned here.
   *
   * @throws BadInputException if that is not what they were planned as
   */
  private RunPlan planned(RunManifest manifest) {
    Path first = runs.get(0);
    String program = "sha256:" + ProgramDigest.current();
    if (!program.equals(manifest.libraries().get(RunManifest.PROGRAM))) {
      throw new BadInputException(
          first, "was answered by another build of this program, which has to merge it");
    }
    RunSpec spec = manifest.spec();
    RuntimeOptions options =
        new RuntimeOptions(spec.threads(), Device.CPU, Precision.FP32, Isa.AUTO);
    Engine engine = new Engine(options, new Scheduling(spec.chunk(), spec.sharing()));
    RunPlan plan = new Planner(home).plan(spec, engine);
    List<PlannedRow> rows = Provenance.rows(plan);
    for (int i = 0; i < Math.max(rows.size(), manifest.rows().size()); i++) {
      if (i >= rows.size() || i >= manifest.rows().size()) {
        throw new BadInputException(
            first, "has %d rows, %d here".formatted(manifest.rows().size(), rows.size()));
      }
      PlannedRow there = manifest.rows().get(i);
      List<String> differences = there.differences(rows.get(i));
      if (!there.text().equals(rows.get(i).text()) || !differences.isEmpty()) {
        throw new BadInputException(
            first,
            differences.isEmpty()
                ? "row " + i + " is " + there.text() + ", " + rows.get(i).text() + " here"
                : there.text() + ": " + differences.get(0) + " here");
      }
    }
    return plan;
  }

  /** The results, if they are there already; else the folder has all answers then. */
  private Optional<RunResult> gather(ShardMerge merge, RunManifest manifest) {
    try (RunFolder folder = RunFolder.open(out)) {
      OutputFile.requireFolder(out);
      if (fresh) {
        folder.clear(ReportFiles.names());
      }
      folder.begin(manifest);
      Optional<RunResult> finished = folder.finished();
      if (finished.isPresent()) {
        console.err().println(out + " holds this run, finished; --fresh starts over");
      } else {
        merge.gather(folder);
      }
      return finished;
    }
  }

  /** Takes up a run that has nothing more to ask. */
  private RunResult count(RunPlan plan, RunManifest manifest) {
    try (RunFolder folder = RunFolder.open(out)) {
      RunManifest counting = folder.begin(manifest);
      RunProgress progress = new RunProgress(console, plan.rows());
      List<RunModel.Prepared> prepared = Collections.nCopies(plan.models().size(), new Answered());
      RunResult result =
          new Evaluation(plan, prepared, folder, progress, Optional.empty()).run(counting);
      folder.writeResults(result);
      return result;
    }
  }

  /** A model that has nothing more to be asked. */
  private record Answered() implements RunModel.Prepared, RunModel.Opened {
    @Override
    public Map<String, String> facts(AttentionMode mode) {
      throw asked();
    }

    @Override
    public RunModel.Opened open(Engine engine, EncodedTexts texts) {
      return this;
    }

    @Override
    public LanguageModel in(AttentionMode mode) {
      throw asked();
    }

    @Override
    public SsaModel loaded() {
      throw asked();
    }

    @Override
    public void close() {}

    private static IllegalStateException asked() {
      return new IllegalStateException("a model is asked something by a merge");
    }
  }
}

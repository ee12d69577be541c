package org.ssasuite.leaderboards.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.ChunkFlag;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.leaderboards.run.Length;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import org.ssasuite.runtime.operator.CudaLimits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa bench}: how fast is a model here? */
@Command(
    name = "bench",
    header = "Times models: first token, reading, writing, memory, where the time goes.",
    description = {
      "Each model in each mode reads book text of each length, as many prompts side by side as",
      "--batch says, and continues it. Beside it stand the machine's own rates."
    },
    footer = {
      "",
      "Examples:",
      "  ssa bench",
      "  ssa bench --model my-llama --modes full,sparse:16x16 --lengths 8k,32k --batch 1,4",
      "  ssa bench --model ssa-mini --lengths 64k --repeats 1 --json --out bench.json",
    })
public final class BenchCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;
  private final ReadingProcess process;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Model folder, GGUF file or embedded model; several by repeating it. Default: ssa-mini.")
  private List<String> models = List.of("ssa-mini");

  @Option(
      names = "--modes",
      paramLabel = "M",
      split = ",",
      description = "Attention modes ('ssa list modes'). Default: what the model has.")
  private List<String> modes = List.of();

  @Option(
      names = "--lengths",
      paramLabel = "N",
      split = ",",
      description = "Tokens of a prompt, as 4096 or 4k. Default: 8k.")
  private List<String> lengths = List.of("8k");

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description = "Prompts that are read side by side. Default: 1.")
  private List<Integer> batches = List.of(1);

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      description = "Tokens written behind each prompt. Default: 33.")
  private int newTokens = 33;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description =
          "Timed readings of each row, after one of at most 8,192 tokens that is not counted."
              + " Default: 3.")
  private int repeats = 3;

  @Option(names = "--json", description = "Print JSON instead of the table.")
  private boolean json;

  @Option(names = "--out", paramLabel = "F", description = "Write to this file instead.")
  private Path out;

  /** What the process of a row is told. */
  @Option(names = "--reading", hidden = true)
  private boolean reading;

  @Mixin private ChunkFlag chunk;
  @Mixin private EngineFlags flags;

  /**
   * The command.
   *
   * @param main the class with the program's {@code main}, to start it again
   */
  public BenchCommand(Console console, Home home, Class<?> main) {
    this.console = console;
    this.home = home;
    this.process = ReadingProcess.of(main, home);
  }

  @Override
  public Integer call() {
    BenchPlan plan = plan();
    Optional.ofNullable(out).ifPresent(OutputFile::requireWritable);
    OperatorLibrary.find().require();
    if (reading) {
      Prompts prompts = Prompts.of(plan.subjects().get(0).checkpoint(), home);
      console.out().println(ModelBench.coldReading(plan, prompts).line());
      console.requireWritten();
      return ExitStatus.DONE.code();
    }
    show(new BenchReport(plan, home.commit(), rows(plan), yardsticks(plan)));
    return ExitStatus.DONE.code();
  }

  private static Yardsticks yardsticks(BenchPlan plan) {
    return Yardsticks.measure(plan.subjects(), plan.engine().options());
  }

  private List<SpeedRow> rows(BenchPlan plan) {
    List<SpeedRow> rows = new ArrayList<>();
    for (BenchPlan.Subject subject : plan.subjects()) {
      Prompts prompts = Prompts.of(subject.checkpoint(), home);
      ModelBench bench = new ModelBench(plan, subject, prompts, process);
      for (int length : plan.lengths()) {
        for (int batch : plan.batches()) {
          console.err().printf("%s: %d x %d tokens%n", subject.checkpoint().name(), batch, length);
          rows.addAll(bench.rows(length, batch));
        }
      }
    }
    return rows;
  }

  private BenchPlan plan() {
    Engine engine = new Engine(flags.options(Isa.AUTO), chunk.scheduling(true));
    List<BenchPlan.Subject> subjects = models.stream().map(this::subject).toList();
    subjects.forEach(
        subject ->
            CudaLimits.require(
                engine.options(), subject.checkpoint(), subject.modes(), engine.scheduling()));
    List<Integer> tokens = lengths.stream().map(Length::parse).toList();
    return new BenchPlan(subjects, tokens, batches, newTokens, repeats, engine);
  }

  private BenchPlan.Subject subject(String model) {
    Checkpoint checkpoint = Checkpoint.open(new ModelShelf(home).find(model));
    List<AttentionMode> parsed =
        modes.stream().map(mode -> ModeOfModel.parse(mode, checkpoint)).toList();
    List<AttentionMode> chosen = parsed.isEmpty() ? checkpoint.modes() : parsed;
    if (chosen.isEmpty()) {
      throw new BadInputException("model " + checkpoint.name(), "has no mode to measure");
    }
    return new BenchPlan.Subject(checkpoint, chosen);
  }

  private void show(BenchReport report) {
    String text = json ? BenchJson.of(report) : BenchTable.of(report);
    if (out == null) {
      console.out().print(text);
      console.requireWritten();
    } else {
      OutputFile.write(out, text);
    }
  }
}

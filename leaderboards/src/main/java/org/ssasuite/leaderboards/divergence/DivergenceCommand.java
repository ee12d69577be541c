package org.ssasuite.leaderboards.divergence;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.text.TextInput;
import org.ssasuite.leaderboards.text.TextOnModel;
import org.ssasuite.runtime.Lockstep;
import org.ssasuite.runtime.LogitRows;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.CudaLimits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa divergence}: are two modes, or two models, still the same? */
@Command(
    name = "divergence",
    header = "How far two modes of a model, or two models of one vocabulary, are apart on a text.",
    description = {
      "Both read the same tokens side by side; at each position their predictions of the next one",
      "are compared over the whole vocabulary. A JSON object a line: position, kl and kl_reverse",
      "(nats), same_top, top10 (A's mass on B's ten best), logprob_a, logprob_b. With margins the",
      "exit status is 1 if one is not kept. One text has no interval: positions hang together;",
      "'ssa run --suite conformance' has one, over documents."
    },
    footer = {
      "",
      "Examples:",
      "  ssa divergence --model ssa-mini --modes full,sparse --text book.txt --out book.jsonl",
      "  ssa divergence --model moba-mini --modes full,sparse:16x4 --text book.txt --max-kl 0.05",
      "  ssa divergence --model mine --modes full --devices cpu,cuda --precisions fp32,bf16 --ids f",
      "  ssa divergence --model mine --modes full --ids ids.txt --logits other-engine.npy",
    })
public final class DivergenceCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--modes",
      paramLabel = "A,B",
      split = ",",
      required = true,
      description = "Attention modes of the two sides; one mode stands for both.")
  private List<String> modes;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description = "Model folder, GGUF file or embedded model of side B. Default: the same model.")
  private String against;

  @Option(
      names = "--devices",
      paramLabel = "A,B",
      split = ",",
      description = "Devices of the two sides, instead of one --device.")
  private List<String> devices = List.of();

  @Option(
      names = "--precisions",
      paramLabel = "A,B",
      split = ",",
      description = "Arithmetic of the two sides, instead of one --precision.")
  private List<String> precisions = List.of();

  @Option(
      names = "--hidden",
      description =
          "Also how far the residual streams behind each layer are apart: |x_A - x_B| / |x_A|;"
              + " both sides need as many layers of the same width.")
  private boolean hidden;

  @Option(
      names = "--logits",
      paramLabel = "FILE",
      description =
          "What another program predicts on the text, as side B: logits [T, V] as .npy (float32,"
              + " float16) or .safetensors; or JSON lines with the best ids of each position, from which KL"
              + " is known from below (docs/command-formats.md).")
  private Path logits;

  @Mixin private DivergenceMargins margins;
  @Mixin private TextInput input;

  public DivergenceCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    margins.require();
    if (modes.size() > 2) {
      throw new BadInputException("--modes", modes.size() + " modes: a divergence is one of two");
    }
    return logits == null ? ofTwo() : ofFile();
  }

  private int ofTwo() {
    List<RuntimeOptions> options = input.sides(devices, precisions);
    TextOnModel text = input.read(home, modes.get(0), options.get(0));
    Checkpoint other =
        against == null ? text.checkpoint() : Checkpoint.open(new ModelShelf(home).find(against));
    AttentionMode modeB = ModeOfModel.parse(modes.get(modes.size() - 1), other);
    CudaLimits.require(options.get(1), other, List.of(modeB), text.scheduling());
    Lockstep.requireComparable(text.checkpoint(), other, hidden);
    int[] ids = ids(text, other);
    Lockstep.Side a = new Lockstep.Side(text.checkpoint(), text.rope(), options.get(0));
    Lockstep.Side b = new Lockstep.Side(other, input.rope(other), options.get(1));
    List<String> names = List.of(name(a, text.mode(), b), name(b, modeB, a));
    DivergenceRows rows =
        new DivergenceRows(ids.length - 1, hidden ? other.config().layers() : 0, false);
    try (Lockstep lockstep = Lockstep.open(a, b, hidden)) {
      lockstep.read(
          ids,
          text.mode(),
          modeB,
          text.scheduling().chunkTokens(),
          stretch -> rows.add(String.join(" and ", names), stretch));
    }
    input.write(rows.lines(), console);
    return report(names, rows);
  }

  /** Side B is what another program left. */
  private int ofFile() {
    boolean twoSided =
        modes.size() > 1 || against != null || !devices.isEmpty() || !precisions.isEmpty();
    if (twoSided || hidden) {
      throw new BadInputException(
          "--logits " + logits,
          "is side B itself: one mode, and neither --against, --devices, --precisions nor --hidden");
    }
    TextOnModel text = input.read(home, modes.get(0));
    OutsidePredictions outside = new OutsidePredictions(logits);
    int[] ids = ids(text, text.checkpoint());
    outside.require(ids.length - 1, text.checkpoint().config().vocabulary());
    Lockstep.Side a = new Lockstep.Side(text.checkpoint(), text.rope(), text.options());
    DivergenceRows rows = new DivergenceRows(ids.length - 1, 0, outside.listed());
    try (LogitRows model = LogitRows.open(a);
        LogitRows.Reading ours = model.begin(ids, text.mode(), text.scheduling().chunkTokens())) {
      outside.compare(ids, ours, model.vocabulary(), rows);
    }
    input.write(rows.lines(), console);
    return report(List.of(name(a, text.mode(), a), outside.name()), rows);
  }

  /** Model and mode, and where it differs what computes. */
  private static String name(Lockstep.Side side, AttentionMode mode, Lockstep.Side other) {
    RuntimeOptions own = side.options();
    String device = own.device() == other.options().device() ? "" : " " + own.device().text();
    boolean samePrecision = own.precision() == other.options().precision();
    String precision = samePrecision ? "" : " " + own.precision().text();
    return side.checkpoint().name() + " " + mode.text() + device + precision;
  }

  /** The text as both models read it. */
  private static int[] ids(TextOnModel text, Checkpoint other) {
    int[] ids = text.ids();
    if (text.text().isPresent() && other != text.checkpoint()) {
      int[] theirs = SsaModel.tokenize(other, text.text().orElseThrow());
      if (!Arrays.equals(ids, theirs)) {
        throw new BadInputException(
            other.folder(),
            "its tokenizer reads the text as other ids than that of "
                + text.checkpoint().name()
                + ": their predictions cannot be compared");
      }
    }
    if (ids.length < 2) {
      throw new BadInputException("the text", "has no second token that could be predicted");
    }
    return ids;
  }

  /** For people: beside the lines if those went to a file, else where they are in nobody's way. */
  private int report(List<String> names, DivergenceRows rows) {
    PrintWriter out = input.writesFile() ? console.out() : console.err();
    List<DivergenceSummary> summaries = DivergenceSummary.of(rows);
    out.println("A: " + names.get(0) + ", B: " + names.get(1));
    out.print(DivergenceSummary.table(summaries));
    if (hidden) {
      out.println();
      out.print(DivergenceSummary.layerTable(summaries));
    }
    List<DivergenceMargins.Answer> answers = margins.answers(summaries.get(0));
    answers.forEach(answer -> out.println(answer.text()));
    out.flush();
    return status(answers.stream().map(DivergenceMargins.Answer::outcome).toList()).code();
  }

  private static ExitStatus status(List<DivergenceMargins.Outcome> outcomes) {
    if (outcomes.contains(DivergenceMargins.Outcome.NO)) {
      return ExitStatus.CHECK_SAYS_NO;
    }
    boolean doubt = outcomes.contains(DivergenceMargins.Outcome.CANNOT_TELL);
    return doubt ? ExitStatus.CANNOT_TELL : ExitStatus.DONE;
  }
}

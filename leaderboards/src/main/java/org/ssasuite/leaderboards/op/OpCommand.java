package org.ssasuite.leaderboards.op;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.EngineFlags;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.onnx.OperatorLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa op}: one native operator on arrays from files. */
@Command(
    name = "op",
    header = "Runs one native operator on .npy files.",
    description = {
      "attention reads q, k, v, optional gates, optional cos, sin, positions, and params.json;",
      "writes out and, unless the mode is full, selected.",
      "attention_statistics reads the same; writes means over the queries beside them.",
      "token_log_prob reads hidden, weight, targets; writes logprob, argmax, argmax_logprob.",
      "token_divergence reads hidden_a, weight_a, hidden_b, weight_b, targets; writes kl and the",
      "other figures of 'ssa divergence', an array each.",
      "docs/command-formats.md has the shapes."
    },
    footer = {
      "",
      "Examples:",
      "  ssa op attention --in case --out result",
      "  ssa op attention --in case --out result --isa scalar --threads 1",
      "  ssa op token_log_prob --in head --out result",
    })
public final class OpCommand implements Callable<Integer> {
  private static final Map<String, Operator> OPERATORS =
      Map.of(
          "attention",
          new AttentionOp(),
          "attention_statistics",
          new AttentionStatisticsOp(),
          "token_divergence",
          new TokenDivergenceOp(),
          "token_log_prob",
          new TokenLogProbOp());

  private final Console console;

  @Parameters(
      paramLabel = "NAME",
      description = "attention, attention_statistics, token_divergence or token_log_prob.")
  private String name;

  @Option(names = "--in", paramLabel = "DIR", required = true, description = "Folder of inputs.")
  private Path in;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of outputs; made if need be.")
  private Path out;

  @Option(
      names = "--isa",
      paramLabel = "I",
      description = "Instruction set: auto, avx512, avx2 or scalar. Default: auto.")
  private String isa = "auto";

  @Mixin private EngineFlags engine;

  public OpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Operator operator = OPERATORS.get(name);
    if (operator == null) {
      throw new BadInputException(
          "operator " + name,
          "is none of " + OPERATORS.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }
    RuntimeOptions options = engine.options(Choice.of("--isa", isa, Isa.values(), Isa::text));
    OpFolder inputs = new OpFolder(in);
    Runnable work = operator.prepare(inputs, out, new OperatorRun(options));
    OperatorLibrary.find().require();
    OutputFile.requireFolder(out);
    work.run();
    console.err().println("wrote " + out);
    return ExitStatus.DONE.code();
  }
}

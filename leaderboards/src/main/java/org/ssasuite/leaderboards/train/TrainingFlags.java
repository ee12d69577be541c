package org.ssasuite.leaderboards.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.run.CheckpointTasks;
import org.ssasuite.trainer.run.RunOptions;
import picocli.CommandLine.Option;

/** What about a training run may be chosen beside its recipe. Filled by the command line. */
final class TrainingFlags {
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer.json.xz", "tokenizer.json.gz", "tokenizer.json.zst");
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Start from this model's weights. Default: from weights drawn by the seed.")
  private Optional<Path> from = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder whose tokenizer files every checkpoint gets, so that tasks can run.")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(
      names = "--held-out",
      paramLabel = "DATA",
      description = "Tokens, as --data takes them, whose loss is measured at each evaluation.")
  private Optional<Path> heldOut = Optional.empty();

  @Option(
      names = "--held-batches",
      paramLabel = "N",
      description = "How many micro-batches of them. Default: 4.")
  private int heldBatches = 4;

  @Option(
      names = "--eval-tasks",
      paramLabel = "T",
      split = ",",
      description = "Tasks ('ssa list tasks') that each evaluated checkpoint is put through.")
  private List<String> tasks = List.of();

  @Option(
      names = "--eval-limit",
      paramLabel = "N",
      description = "Only the first N samples of a task.")
  private Integer limit;

  @Option(
      names = "--eval-data",
      paramLabel = "DIR",
      description = "Data folder of the tasks instead of our own.")
  private Optional<Path> taskData = Optional.empty();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "How many checkpoints stay, the newest ones. Default: 2.")
  private int keep = 2;

  @Option(
      names = "--coverage-every",
      paramLabel = "N",
      description = "Steps between measurements of the gradient coverage; 0: none. Default: 100.")
  private int coverageEvery = 100;

  @Option(
      names = "--peak-tflops",
      paramLabel = "X",
      description =
          "The machine's peak at this precision, for the MFU: model FLOPs per second over it, with"
              + " 6 FLOPs per parameter of a matrix product and token, and 12 per attended key, query"
              + " feature and layer. Default: the log has no MFU.")
  private Double peakTflops;

  @Option(
      names = "--stop-after",
      paramLabel = "N",
      description = "End behind step N with a checkpoint; the same command goes on later.")
  private Integer stopAfter;

  Optional<Path> from() {
    return from;
  }

  Optional<Path> heldOut() {
    return heldOut;
  }

  int heldBatches() {
    if (heldBatches < 1) {
      throw new BadInputException("--held-batches", "must be at least 1, not " + heldBatches);
    }
    return heldBatches;
  }

  /** Absent: no task is to be run. */
  Optional<CheckpointTasks> tasks() {
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    if (tokenizer.isEmpty()) {
      throw new BadInputException("--eval-tasks", "need a --tokenizer");
    }
    OptionalInt most = limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
    return Optional.of(new CheckpointTasks(tasks, List.of(), most, taskData));
  }

  RunOptions options() {
    return new RunOptions(
        keep,
        coverageEvery,
        peakTflops == null ? OptionalDouble.empty() : OptionalDouble.of(peakTflops * 1e12),
        stopAfter == null ? OptionalInt.empty() : OptionalInt.of(stopAfter));
  }

  /**
   * The tokenizer's files.
   *
   * @throws BadInputException if the folder has none
   */
  List<Path> tokenizerFiles() {
    if (tokenizer.isEmpty()) {
      return List.of();
    }
    Path folder = tokenizer.get();
    List<Path> files = new ArrayList<>();
    for (String name : TOKENIZER_FILES) {
      if (files.isEmpty() && Files.isRegularFile(folder.resolve(name))) {
        files.add(folder.resolve(name));
      }
    }
    if (files.isEmpty()) {
      throw new BadInputException(folder, "has no tokenizer.json");
    }
    if (Files.isRegularFile(folder.resolve(TOKENIZER_CONFIG))) {
      files.add(folder.resolve(TOKENIZER_CONFIG));
    }
    return files;
  }
}

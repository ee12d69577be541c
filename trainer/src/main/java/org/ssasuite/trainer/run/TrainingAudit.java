package org.ssasuite.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.data.TrainingFiles;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.optimizer.LearningRate;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.TrainSpecFile;

/**
 * What the files of a finished training run say against each other, against its recipe and, where
 * they are at hand, against its tokens. What a step computed is not computed again: losses and
 * weights are held against digests alone. Immutable; needs no library of training.
 */
public final class TrainingAudit {
  private static final int FIELDS = StepLog.HEADER.split(",", -1).length;

  private final TrainingRecord record;
  private final TrainManifest manifest;
  private final TrainSpec spec;

  /**
   * One thing that was looked at.
   *
   * @param subject a file of the run, or what it is about
   * @param differences a line each; none where it agrees
   * @param fact what agrees
   */
  public record Finding(String subject, List<String> differences, String fact) {
    public Finding {
      Objects.requireNonNull(subject);
      Objects.requireNonNull(fact);
      differences = List.copyOf(differences);
    }
  }

  private TrainingAudit(TrainingRecord record, TrainManifest manifest, TrainSpec spec) {
    this.record = record;
    this.manifest = manifest;
    this.spec = spec;
  }

  /** Whether a folder is a training run's, finished or not. */
  public static boolean is(Path folder) {
    TrainingRecord record = new TrainingRecord(folder);
    return Files.exists(record.log()) && Files.exists(record.recipe());
  }

  /**
   * Opens a run.
   *
   * @throws BadInputException if its recipe or manifest cannot be read, or it is not finished
   */
  public static TrainingAudit open(Path folder) {
    TrainingRecord record = new TrainingRecord(folder);
    TrainManifest manifest = TrainManifest.read(record.manifest());
    TrainSpec spec = TrainSpecFile.read(record.recipe());
    int steps = StepLog.lines(record.log()).size() - 1;
    if (steps < spec.batch().steps()) {
      throw new BadInputException(
          folder,
          "a training run that is not finished: "
              + steps
              + " of "
              + spec.batch().steps()
              + " steps");
    }
    return new TrainingAudit(record, manifest, spec);
  }

  /**
   * What there is to say without its tokens.
   *
   * @throws BadInputException if a file cannot be read at all
   */
  public List<Finding> files() {
    List<Finding> findings = new ArrayList<>();
    findings.add(recipe());
    findings.add(log());
    findings.addAll(checkpoints());
    findings.addAll(evaluations());
    return findings;
  }

  private Finding recipe() {
    String digest = Digests.sha256(record.recipe());
    return new Finding(
        "recipe.json",
        digest.equals(manifest.recipe())
            ? List.of()
            : List.of("has SHA-256 " + digest + ", manifest.json " + manifest.recipe()),
        "the recipe that manifest.json names");
  }

  /** A line for each step, with the tokens, stream and rate that the recipe gives it. */
  private Finding log() {
    List<String> lines = StepLog.lines(record.log());
    StreamDraws draws = new StreamDraws(spec, Method.of(spec));
    LearningRate rates = new LearningRate(spec.schedule(), spec.batch().steps());
    List<String> differences = new ArrayList<>();
    if (!lines.get(0).equals(StepLog.HEADER)) {
      differences.add("does not begin with " + StepLog.HEADER);
    }
    if (lines.size() - 1 > spec.batch().steps()) {
      differences.add(lines.size() - 1 + " steps, the recipe has " + spec.batch().steps());
    }
    for (int step = 0; step < spec.batch().steps() && differences.isEmpty(); step++) {
      String rate = String.format(Locale.ROOT, "%.10f", rates.at(step));
      line(lines.get(step + 1), step, draws.text(step), rate)
          .ifPresent(fact -> differences.add(fact));
    }
    return new Finding(
        "train.csv",
        differences,
        spec.batch().steps() + " steps, with the recipe's tokens, streams and rates");
  }

  private Optional<String> line(String line, int step, String mode, String rate) {
    String[] fields = line.split(",", -1);
    String where = "line " + (step + 2) + ": ";
    if (fields.length != FIELDS) {
      return Optional.of(where + fields.length + " fields, not " + FIELDS);
    }
    String tokens = Long.toString(spec.tokensPerStep() * (step + 1));
    List<String> asked = List.of(Integer.toString(step + 1), tokens, mode);
    List<String> there = List.of(fields).subList(0, asked.size());
    if (!there.equals(asked)) {
      return Optional.of(
          where + String.join(",", there) + "; the recipe gives " + String.join(",", asked));
    }
    if (!fields[5].equals(rate)) {
      return Optional.of(where + "rate " + fields[5] + "; the recipe gives " + rate);
    }
    for (int number : new int[] {3, 4, 6}) {
      if (!isFinite(fields[number])) {
        return Optional.of(where + "'" + fields[number] + "' is no number");
      }
    }
    return Optional.empty();
  }

  private static boolean isFinite(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private List<Finding> checkpoints() {
    List<Finding> findings = new ArrayList<>();
    List<Saved> all = CheckpointStore.all(record.checkpoints());
    int newest = all.isEmpty() ? 0 : all.get(0).step();
    if (newest != spec.batch().steps()) {
      findings.add(
          new Finding(
              "checkpoints",
              List.of("the newest is of step " + newest + ", not " + spec.batch().steps()),
              ""));
    }
    for (Saved saved : all) {
      List<String> differences = new ArrayList<>();
      try {
        CheckpointStore.require(
            saved, record.digests(StepLog.digestUpTo(saved.step(), record.log())));
      } catch (BadInputException e) {
        differences.add(e.getMessage());
      }
      findings.add(
          new Finding(
              "checkpoints/" + saved.folder().getFileName(),
              differences,
              "weights, optimiser and log up to it are what was written"));
    }
    return findings;
  }

  private List<Finding> evaluations() {
    Path file = record.evaluations();
    if (!Files.exists(file)) {
      return spec.evaluateEvery().isEmpty()
          ? List.of()
          : List.of(new Finding("evaluations.csv", List.of("is not there"), ""));
    }
    List<String> differences = new ArrayList<>();
    int scores = 0;
    for (EvaluationLog.Line line : new EvaluationLog(file).lines()) {
      scores++;
      boolean regular =
          spec.evaluateEvery().isPresent() && line.step() % spec.evaluateEvery().getAsInt() == 0;
      boolean due = regular || line.step() == spec.batch().steps();
      if (line.step() < 1 || line.step() > spec.batch().steps() || !due) {
        differences.add("a score of step " + line.step() + ", which the recipe does not evaluate");
      }
    }
    return List.of(
        new Finding("evaluations.csv", differences, scores + " scores, of the recipe's steps"));
  }

  /** What the run recorded of its tokens. */
  public String tokens() {
    return manifest.data();
  }

  /**
   * Holds the run against tokens.
   *
   * @param data as {@code ssa train --data} takes it
   * @throws BadInputException if they cannot be read, or are for another model
   */
  public Finding tokens(Path data) {
    try (TrainingData tokens = TrainingFiles.open(data, spec)) {
      return new Finding(
          "training tokens",
          tokens.digest().equals(manifest.data())
              ? List.of()
              : List.of("digest " + tokens.digest() + ", manifest.json has " + manifest.data()),
          "digest " + manifest.data());
    }
  }
}

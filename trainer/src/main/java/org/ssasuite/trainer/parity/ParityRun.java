package org.ssasuite.trainer.parity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.data.TrainingFiles;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.model.AttentionWatch;
import org.ssasuite.trainer.model.GradientStep;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.model.StepLosses;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;
import org.ssasuite.trainer.optimizer.AdamW;
import org.ssasuite.trainer.optimizer.LearningRate;
import org.ssasuite.trainer.recipe.Variant;

/**
 * {@code ssa train --parity}: a folder's schedule on its tokens from its start, each step in the
 * stream that the folder's log of another implementation names.
 */
public final class ParityRun {
  private static final long MAX_LOG_BYTES = 64L << 20;
  private static final String HEADER = "step,mode,loss,align,lr,gradnorm";

  private final Path folder;
  private final Variant variant;
  private final ParitySchedule schedule;
  private final StartingPoint start;
  private final List<Stream> streams;

  private ParityRun(Path folder, Variant variant) {
    this.folder = folder;
    this.variant = variant;
    this.schedule = ParitySchedule.read(folder.resolve("config.json"));
    this.start = StartingPoint.open(folder, variant, schedule.alignmentWeight());
    this.streams = streams();
  }

  /**
   * Opens a folder with {@code config.json}, {@code init.safetensors}, {@code tokens.bin} and the
   * variant's log.
   *
   * @throws BadInputException if one is missing or broken
   */
  public static ParityRun open(Path folder, Variant variant) {
    return new ParityRun(folder, variant);
  }

  /**
   * Runs it and writes {@code step,mode,loss,align,lr,gradnorm}, a line a step.
   *
   * @param said each line as it comes
   */
  public void write(Engine engine, AttentionKernels kernels, Path out, Consumer<String> said) {
    ModelConfig config = start.checkpoint().config();
    StringBuilder lines = new StringBuilder(HEADER).append('\n');
    try (TrainingData data =
            TrainingFiles.bare(
                folder.resolve("tokens.bin"),
                config.vocabulary(),
                config.trainedTokens(),
                schedule.rows());
        Parameters parameters = Parameters.of(start.checkpoint(), engine);
        Transformer model =
            new Transformer(config, parameters, kernels, engine, config.trainedTokens());
        AdamW optimizer = new AdamW(schedule.optimizer(), parameters)) {
      GradientStep gradients = new GradientStep(model, parameters);
      LearningRate rates = new LearningRate(schedule.schedule(), schedule.steps());
      for (int step = 0; step < schedule.steps(); step++) {
        Stream stream = streams.get(step);
        PackedBatch batch = data.batch(step);
        StepLosses losses =
            gradients.run(
                List.of(
                    new GradientStep.MicroBatch(
                        batch, layer -> start.method().layer(stream, batch))),
                AttentionWatch.NONE);
        double rate = rates.at(step);
        String line = line(step, stream, losses, rate);
        said.accept(line);
        lines.append(line).append('\n');
        optimizer.update(step + 1, rate, losses.gradientNorm());
      }
    }
    AtomicFile.write(out, lines.toString());
  }

  private static String line(int step, Stream stream, StepLosses losses, double rate) {
    return String.format(
        Locale.ROOT,
        "%d,%s,%.9f,%.10f,%.10f,%.8f",
        step + 1,
        stream.text(),
        losses.nextToken(),
        losses.alignment(),
        rate,
        losses.gradientNorm());
  }

  /** The stream of each step, from the log's column {@code mode}; the others are not read. */
  private List<Stream> streams() {
    Path log = folder.resolve(variant.name().toLowerCase(Locale.ROOT) + ".csv");
    List<String> lines = new DataFile(log, MAX_LOG_BYTES).text().lines().toList();
    int column = lines.isEmpty() ? -1 : List.of(lines.get(0).split(",", -1)).indexOf("mode");
    if (column < 0) {
      throw new BadInputException(log, "has no column 'mode'");
    }
    if (lines.size() <= schedule.steps()) {
      throw new BadInputException(
          log, "has " + (lines.size() - 1) + " steps; config.json states " + schedule.steps());
    }
    List<Stream> named = new ArrayList<>();
    for (int i = 1; i <= schedule.steps(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      Stream stream = named(log, i, column < cells.length ? cells[column] : "");
      start.require(stream, log + " line " + (i + 1));
      named.add(stream);
    }
    return named;
  }

  private static Stream named(Path log, int line, String text) {
    for (Stream stream : Stream.values()) {
      if (stream.text().equals(text)) {
        return stream;
      }
    }
    throw new BadInputException(
        log, "line " + (line + 1) + ": mode is '" + text + "', not full or sparse");
  }
}

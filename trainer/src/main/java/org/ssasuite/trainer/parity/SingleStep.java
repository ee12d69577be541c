package org.ssasuite.trainer.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.checkpoint.TensorFile;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.data.TrainingFiles;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.model.AttentionWatch;
import org.ssasuite.trainer.model.GradientStep;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.model.StepLosses;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;
import org.ssasuite.trainer.recipe.Variant;

/** {@code ssa train step}: the gradients of one step, written as files. */
public final class SingleStep {
  private static final double ALIGNMENT_WEIGHT = 10;

  private SingleStep() {}

  /**
   * What is asked for.
   *
   * @param model folder with a start or a trained model
   * @param tokens file of uint16 ids; row r is ids rT to rT + T, T the config's length
   */
  public record Request(Path model, Path tokens, int rows, Variant variant, Stream stream) {
    public Request {
      if (rows < 1) {
        throw new BadInputException("--rows", "must be at least 1, not " + rows);
      }
    }
  }

  /** The losses as {@code losses.json} has them. */
  record LossesFile(String schema, double loss, double align, double gradnorm) {}

  /**
   * Writes {@code grads.safetensors} (Hugging Face names, fp32) and {@code losses.json}.
   *
   * @throws BadInputException for a broken model, fewer tokens than rows, a stream that the variant
   *     has not
   */
  public static StepLosses write(
      Request request, Engine engine, AttentionKernels kernels, Path out) {
    StartingPoint start = StartingPoint.open(request.model(), request.variant(), ALIGNMENT_WEIGHT);
    start.require(request.stream(), "--stream " + request.stream().text());
    ModelConfig config = start.checkpoint().config();
    PackedBatch batch = rows(request, config);
    try (Parameters parameters = Parameters.of(start.checkpoint(), engine);
        Transformer model =
            new Transformer(config, parameters, kernels, engine, config.trainedTokens())) {
      GradientStep step = new GradientStep(model, parameters);
      GradientStep.MicroBatch micro =
          new GradientStep.MicroBatch(
              batch, layer -> start.method().layer(request.stream(), batch));
      StepLosses losses = step.run(List.of(micro), AttentionWatch.NONE);
      writeGradients(out, parameters);
      writeLosses(out, losses);
      return losses;
    }
  }

  private static PackedBatch rows(Request request, ModelConfig config) {
    try (TrainingData data =
        TrainingFiles.bare(
            request.tokens(), config.vocabulary(), config.trainedTokens(), request.rows())) {
      if (data.rows() < request.rows()) {
        throw new BadInputException(
            request.tokens(), "has " + data.rows() + " rows, not " + request.rows());
      }
      return data.batch(0);
    }
  }

  private static void writeGradients(Path out, Parameters parameters) {
    Path file = out.resolve("grads.safetensors");
    try {
      Files.createDirectories(out);
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw BadInputException.io(out, e);
    }
    TensorScope.run(
        () -> {
          Map<String, Tensor> gradients = new LinkedHashMap<>();
          parameters
              .layout()
              .weights()
              .keySet()
              .forEach(name -> gradients.put(name, parameters.gradient(name)));
          TensorFile.write(file, gradients);
        });
  }

  private static void writeLosses(Path out, StepLosses losses) {
    LossesFile file =
        new LossesFile(
            "ssasuite/train-step/1", losses.nextToken(), losses.alignment(), losses.gradientNorm());
    AtomicFile.write(out.resolve("losses.json"), new StrictJson(List.of()).document(file));
  }
}

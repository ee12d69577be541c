package org.ssasuite.trainer.run;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;

/**
 * The mean of −log p over the rated tokens of rows that are not trained on, in each stream of the
 * variant.
 *
 * @param batches how many micro-batches of the data are rated, from the first
 */
public record HeldOutLoss(TrainingData data, int batches) {
  private static final String TASK = "held-out";
  private static final String METRIC = "nats_per_token";

  /** One score per stream. */
  public List<EvaluationScore> of(Transformer model, Method method) {
    List<EvaluationScore> scores = new ArrayList<>();
    for (Stream stream : method.streams()) {
      scores.add(new EvaluationScore(TASK, stream.text(), METRIC, mean(model, method, stream)));
    }
    return scores;
  }

  private double mean(Transformer model, Method method, Stream stream) {
    double nats = 0;
    long tokens = 0;
    for (int i = 0; i < batches; i++) {
      PackedBatch batch = data.batch(i);
      nats += model.rate(batch, method.streamed(stream, batch));
      tokens += batch.ratedTokens();
    }
    return nats / tokens;
  }
}

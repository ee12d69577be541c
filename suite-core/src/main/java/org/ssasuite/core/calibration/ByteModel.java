package org.ssasuite.core.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentComparison;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.request.Work;

/**
 * A model whose tokens are the UTF-8 bytes of a text, with one log-probability for all tokens of a
 * document. It reads everything but what a document's window cuts, and observes nothing.
 */
abstract class ByteModel implements LanguageModel {
  private final ModelCard card;
  private final float documentLogProbability;

  /**
   * A model of full attention.
   *
   * @param documentLogProbability of each rated token of a document, nats
   */
  ByteModel(String name, double documentLogProbability) {
    this.card = new ModelCard(name, "full", OptionalInt.empty(), Map.of("tokens", "UTF-8 bytes"));
    this.documentLogProbability = (float) documentLogProbability;
  }

  /** What it writes behind a prompt. */
  abstract String written(Generate request);

  /** Log-likelihood of a whole continuation, nats. */
  abstract double logLikelihood(RateContinuation request);

  /** Whether it would have written this continuation itself. */
  abstract boolean greedy(RateContinuation request);

  @Override
  public final ModelCard card() {
    return card;
  }

  @Override
  public final boolean observes(Observation<?> asked) {
    return false;
  }

  @Override
  public final List<Response> answer(List<Request<?>> requests) {
    return requests.stream()
        .map(
            request ->
                request.<Response>fold(this::generate, this::rate, this::rate, this::compare))
        .toList();
  }

  @Override
  public final Work work() {
    return Work.NONE;
  }

  @Override
  public final void close() {}

  private Generation generate(Generate request) {
    String text = written(request);
    return new Generation(
        text,
        Math.min(Utf8Bytes.count(text), request.maxTokens()),
        ContextFit.whole(Utf8Bytes.count(request.prompt())),
        Optional.empty());
  }

  private ContinuationRating rate(RateContinuation request) {
    int tokens = Utf8Bytes.count(request.continuation());
    return new ContinuationRating(
        logLikelihood(request),
        tokens,
        greedy(request),
        false,
        ContextFit.whole(Utf8Bytes.count(request.context()) + tokens),
        Optional.empty());
  }

  /** It has one mode, which is as far from itself as it can be told. */
  private DocumentComparison compare(CompareDocument request) {
    int bytes = Utf8Bytes.count(request.text());
    int read = Math.min(bytes, request.tokens());
    int rows = Math.max(0, read - 1);
    double[] figures = new double[ComparedTokens.FIGURES * rows];
    boolean[] sameTop = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      int at = ComparedTokens.FIGURES * row;
      figures[at + 2] = 1;
      figures[at + 3] = documentLogProbability;
      figures[at + 4] = documentLogProbability;
      sameTop[row] = true;
    }
    return new DocumentComparison(
        new ComparedTokens(figures, sameTop), new ContextFit(bytes, read), Optional.empty());
  }

  private DocumentRating rate(RateDocument request) {
    int[] ends = Utf8Bytes.ends(request.text());
    if (request.windows() instanceof Windows.Stretch stretch) {
      return rated(ends, stretch.end() - stretch.rated(), stretch.end(), stretch.readTokens());
    }
    // The first window rates nothing without something before it; rolling windows rate everything.
    boolean rolling = request.windows() instanceof Windows.Rolling;
    int read = rolling ? ends.length : Math.min(ends.length, request.windows().tokens());
    int first = rolling ? 0 : Math.min(1, read);
    return new DocumentRating(
        tokens(ends, first, read), new ContextFit(ends.length, read), Optional.empty());
  }

  private DocumentRating rated(int[] ends, int from, int to, int read) {
    return new DocumentRating(tokens(ends, from, to), ContextFit.whole(read), Optional.empty());
  }

  private RatedTokens tokens(int[] ends, int from, int to) {
    float[] logProbabilities = new float[to - from];
    Arrays.fill(logProbabilities, documentLogProbability);
    return new RatedTokens(
        from, from == 0 ? 0 : ends[from - 1], logProbabilities, Arrays.copyOfRange(ends, from, to));
  }
}

package org.ssasuite.core.run.items;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentComparison;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;

/** One request and its answer, as far as figures can be made of them again. */
public sealed interface Item {
  /**
   * What was asked, if that is kept: a prompt, a context, or the stretch of a text that was read.
   */
  Optional<String> prompt();

  /** One of four, by the kind of request. */
  <T> T fold(
      Function<Choice, T> choice,
      Function<Written, T> written,
      Function<Rated, T> rated,
      Function<Compared, T> compared);

  /**
   * A continuation that was rated.
   *
   * @param logLikelihood nats, of all of it; absent where it is no finite number
   * @param bytes of {@code text} in UTF-8
   * @param greedy whether greedy decoding would have written it
   * @param boundaryMoved whether a token lies across context and continuation
   */
  record Choice(
      String text,
      OptionalDouble logLikelihood,
      int tokens,
      int bytes,
      boolean greedy,
      boolean boundaryMoved,
      Optional<String> prompt)
      implements Item {
    public Choice {
      Objects.requireNonNull(text);
      Objects.requireNonNull(logLikelihood);
      Objects.requireNonNull(prompt);
    }

    @Override
    public <T> T fold(
        Function<Choice, T> choice,
        Function<Written, T> written,
        Function<Rated, T> rated,
        Function<Compared, T> compared) {
      return choice.apply(this);
    }
  }

  /**
   * What a model wrote.
   *
   * @param text as it was written, before any scorer looked at it
   * @param failure why the model could not go on
   */
  record Written(String text, int tokens, Optional<String> failure, Optional<String> prompt)
      implements Item {
    public Written {
      Objects.requireNonNull(text);
      Objects.requireNonNull(failure);
      Objects.requireNonNull(prompt);
    }

    @Override
    public <T> T fold(
        Function<Choice, T> choice,
        Function<Written, T> written,
        Function<Rated, T> rated,
        Function<Compared, T> compared) {
      return written.apply(this);
    }
  }

  /**
   * The tokens of a document that were rated.
   *
   * @param firstPosition of the first of them in the document
   * @param logProbabilities nats, of each; absent where one is no finite number
   * @param bytes of the rated stretch of text in UTF-8
   */
  record Rated(
      int firstPosition, List<OptionalDouble> logProbabilities, int bytes, Optional<String> prompt)
      implements Item {
    public Rated {
      logProbabilities = List.copyOf(logProbabilities);
      Objects.requireNonNull(prompt);
    }

    @Override
    public <T> T fold(
        Function<Choice, T> choice,
        Function<Written, T> written,
        Function<Rated, T> rated,
        Function<Compared, T> compared) {
      return rated.apply(this);
    }
  }

  /**
   * Tokens that two modes predicted.
   *
   * @param reference log-probabilities of the reference, nats; of each token but the first
   * @param logProbabilities those of the mode itself
   */
  record Compared(
      List<OptionalDouble> reference,
      List<OptionalDouble> logProbabilities,
      Optional<String> prompt)
      implements Item {
    public Compared {
      reference = List.copyOf(reference);
      logProbabilities = List.copyOf(logProbabilities);
      Objects.requireNonNull(prompt);
    }

    @Override
    public <T> T fold(
        Function<Choice, T> choice,
        Function<Written, T> written,
        Function<Rated, T> rated,
        Function<Compared, T> compared) {
      return compared.apply(this);
    }
  }

  /** What is kept of a request and its answer. */
  static Item of(Request<?> request, Response response, ItemLog detail) {
    boolean prompts = detail == ItemLog.PROMPTS;
    return request.fold(
        generate -> written(generate, (Generation) response, prompts),
        continuation -> choice(continuation, (ContinuationRating) response, prompts),
        document -> rated(document, (DocumentRating) response, prompts),
        comparison -> compared(comparison, (DocumentComparison) response, prompts));
  }

  private static Item written(Generate asked, Generation answer, boolean prompts) {
    return new Written(
        answer.text(), answer.tokens(), answer.failure(), some(prompts, asked.prompt()));
  }

  private static Item choice(RateContinuation asked, ContinuationRating answer, boolean prompts) {
    return new Choice(
        asked.continuation(),
        finite(answer.logLikelihood()),
        answer.tokens(),
        bytes(asked.continuation()),
        answer.greedy(),
        answer.boundaryMoved(),
        some(prompts, asked.context()));
  }

  /** A whole book may lie behind the stretch that was read. */
  private static Item rated(RateDocument asked, DocumentRating answer, boolean prompts) {
    RatedTokens tokens = answer.tokens();
    int end = tokens.size() == 0 ? tokens.textBegin() : tokens.textEnd(tokens.size() - 1);
    return new Rated(
        tokens.firstPosition(),
        IntStream.range(0, tokens.size()).mapToObj(i -> finite(tokens.logProbability(i))).toList(),
        bytes(asked.text().substring(tokens.textBegin(), end)),
        some(prompts, asked.text().substring(0, end)));
  }

  private static Item compared(CompareDocument asked, DocumentComparison answer, boolean prompts) {
    ComparedTokens tokens = answer.tokens();
    return new Compared(
        IntStream.range(0, tokens.size()).mapToObj(i -> finite(tokens.logProbabilityA(i))).toList(),
        IntStream.range(0, tokens.size()).mapToObj(i -> finite(tokens.logProbabilityB(i))).toList(),
        some(prompts, asked.text()));
  }

  private static Optional<String> some(boolean kept, String text) {
    return kept ? Optional.of(text) : Optional.empty();
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}

package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.RollingWindows;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.request.Windows;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.observation.RequestWatch;
import org.ssasuite.runtime.observation.Scene;
import org.ssasuite.runtime.observation.TokenSpan;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.tokenizer.PromptTokens;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/** Makes plans of requests: texts become ids, windows passes, observations watches. */
final class Plans {
  private final PlanBasis basis;
  private final AttentionMode mode;
  private final ModelTexts texts;

  Plans(PlanBasis basis, AttentionMode mode) {
    this.basis = basis;
    this.mode = mode;
    this.texts = basis.texts();
  }

  Plan of(Request<?> request) {
    if (request instanceof RateDocument document) {
      return planDocument(document);
    }
    if (request instanceof RateContinuation continuation) {
      return planContinuation(continuation);
    }
    if (request instanceof CompareDocument comparison) {
      return planComparison(comparison);
    }
    return generate((Generate) request);
  }

  /** Encodes what the plan of a request will need. */
  void encode(Request<?> request) {
    if (request instanceof RateDocument document) {
      texts.encode(document.text());
    } else if (request instanceof RateContinuation continuation) {
      String context = texts.kept(continuation.context(), continuation.truncation()).text();
      texts.ids(context + continuation.continuation());
      texts.ids(PythonText.rstrip(context));
    } else if (request instanceof CompareDocument comparison) {
      texts.ids(comparison.text());
    } else if (request instanceof Generate generate) {
      prompt(generate);
    }
  }

  private Plan planComparison(CompareDocument request) {
    int[] ids = begun(texts.ids(request.text()), request);
    int n = Math.min(ids.length, request.tokens());
    return new Plan.Comparing(
        Arrays.copyOf(ids, n),
        AttentionMode.parse(request.reference(), inside().config().budget()),
        new ContextFit(ids.length, n));
  }

  Plan.Writing generate(Generate generate) {
    PromptTokens prompt = prompt(generate);
    int[] ids = prompt.ids().length == 0 ? new int[] {basis.tokens().prefix()} : prompt.ids();
    RequestWatch watch = watch(generate);
    QueryRange writing = new QueryRange(ids.length - 1, ids.length - 1 + generate.maxTokens());
    GreedyDecoder.Job job =
        new GreedyDecoder.Job(
            ids,
            generate.maxTokens(),
            generate.stops(),
            generate.ends().leastTokens(),
            lastTokens(generate.ends()),
            basis
                .inside()
                .map(
                    inside ->
                        watch.watches(
                            new Scene(
                                inside.config(),
                                mode,
                                writing,
                                true,
                                () -> textEnds(generate, prompt),
                                prompt.fit().truncated())))
                .orElse(List.of()),
            forced(generate, prompt, writing.from()));
    return new Plan.Writing(
        job, prompt.ids().length == 0 ? ContextFit.whole(1) : prompt.fit(), watch);
  }

  /** Ids behind the token that begins texts, where the request wants it. */
  private int[] begun(int[] ids, Request<?> request) {
    return request.bos() == Bos.YES ? PromptTokens.behind(basis.tokens().bos(), ids) : ids;
  }

  private int emptyContext(RateContinuation request) {
    return request.bos() == Bos.YES ? basis.tokens().bos() : basis.tokens().prefix();
  }

  /** What is read of a prompt; a limit from the left has the token that begins it in it. */
  private PromptTokens prompt(Generate generate) {
    if (generate.bos() != Bos.YES) {
      return texts.prompt(generate.prompt(), generate.truncation(), generate.bos() == Bos.NO);
    }
    Truncation rule =
        generate.truncation() instanceof Truncation.Left left
            ? new Truncation.Left(Math.max(1, left.maxTokens() - 1))
            : generate.truncation();
    return texts.prompt(generate.prompt(), rule, false).behind(basis.tokens().bos());
  }

  /** The blocks of the stretches that the answer has to attend to, from its first step on. */
  private ForcedBlocks forced(Generate generate, PromptTokens prompt, int firstStep) {
    if (generate.attends().isEmpty()) {
      return ForcedBlocks.NONE;
    }
    if (inside().device() == Device.CUDA) {
      throw new BadInputException("--device cuda", ObservedGraph.NEEDLES_CPU_ONLY);
    }
    OptionalInt size = ModeCode.blockSize(mode);
    if (size.isEmpty()) {
      return ForcedBlocks.NONE;
    }
    int[] ends = textEnds(generate, prompt);
    List<Integer> blocks =
        generate.attends().stream()
            .flatMapToInt(span -> TokenSpan.of(span, ends).blocks(size.getAsInt()))
            .sorted()
            .distinct()
            .boxed()
            .toList();
    return new ForcedBlocks(blocks, firstStep);
  }

  /** Of a prompt that is read whole: of another one it would not be known. */
  private int[] textEnds(Generate generate, PromptTokens prompt) {
    TextTokenizer.Tokens tokens = texts.encode(generate.prompt());
    return endsWithin(prompt.ids(), tokens)
        .filter(ends -> !prompt.fit().truncated())
        .orElseThrow(
            () ->
                new BadInputException(
                    "generation",
                    "stretches of a prompt are observed where it is read whole only"));
  }

  /**
   * Where a text ends behind each id that is read: special tokens before and behind it have no
   * text. Absent where its own tokens are not among them.
   */
  static Optional<int[]> endsWithin(int[] read, TextTokenizer.Tokens tokens) {
    int n = tokens.ids().length;
    for (int before = 0; before + n <= read.length; before++) {
      if (Arrays.equals(read, before, before + n, tokens.ids(), 0, n)) {
        int[] ends = new int[read.length];
        System.arraycopy(tokens.textEnds(), 0, ends, before, n);
        Arrays.fill(ends, before + n, read.length, n == 0 ? 0 : tokens.textEnds()[n - 1]);
        return Optional.of(ends);
      }
    }
    return Optional.empty();
  }

  private RequestWatch watch(Request<?> request) {
    return basis
        .inside()
        .map(inside -> RequestWatch.of(request.observe(), inside.device()))
        .orElseGet(() -> RequestWatch.of(Observe.nothing(), Device.CPU));
  }

  private PlanBasis.Inside inside() {
    return basis
        .inside()
        .orElseThrow(() -> new IllegalStateException("nobody can look inside of this model"));
  }

  /** A pass that rates the last successors of its tokens, watched. */
  private Pass rating(int[] tokens, int[] targets, RequestWatch watch) {
    QueryRange rated = new QueryRange(tokens.length - targets.length, tokens.length);
    Pass pass = Pass.ratingLast(tokens, targets);
    return basis
        .inside()
        .map(inside -> pass.watchedBy(watch.watches(scene(inside, rated))))
        .orElse(pass);
  }

  private Scene scene(PlanBasis.Inside inside, QueryRange rated) {
    return new Scene(
        inside.config(),
        mode,
        rated,
        false,
        () -> {
          throw new IllegalStateException("a rating has no prompt");
        });
  }

  private Set<Integer> lastTokens(EndTokens ends) {
    return ends.lastTokenOf().stream()
        .map(texts::ids)
        .filter(ids -> ids.length > 0)
        .map(ids -> ids[ids.length - 1])
        .collect(Collectors.toUnmodifiableSet());
  }

  private Plan planDocument(RateDocument request) {
    TextTokenizer.Tokens tokens = texts.encode(request.text());
    RequestWatch watch = watch(request);
    if (request.windows() instanceof Windows.First first) {
      return planFirst(tokens, begun(tokens.ids(), request), first, watch);
    }
    if (request.windows() instanceof Windows.Stretch stretch) {
      return planStretch(tokens, stretch, watch);
    }
    return planRolling(tokens, request.windows().tokens(), watch);
  }

  /**
   * A text's first tokens.
   *
   * @param ids the text's, or those behind one that begins it, so that the text's first is rated
   *     too
   */
  private Plan planFirst(
      TextTokenizer.Tokens tokens, int[] ids, Windows.First first, RequestWatch watch) {
    int lead = ids.length - tokens.ids().length;
    int n = Math.min(ids.length, first.tokens());
    ContextFit fit = new ContextFit(ids.length, n);
    if (n < 2) {
      RatedTokens nothing = new RatedTokens(1, 0, new float[0], new int[0]);
      return new Plan.Rating(
          List.of(), results -> new DocumentRating(nothing, fit, watch.observations()));
    }
    Pass pass = rating(Arrays.copyOfRange(ids, 0, n - 1), Arrays.copyOfRange(ids, 1, n), watch);
    int[] ends = Arrays.copyOfRange(tokens.textEnds(), 1 - lead, n - lead);
    int begin = lead > 0 ? 0 : tokens.textEnds()[0];
    return new Plan.Rating(
        List.of(pass),
        results ->
            new DocumentRating(
                new RatedTokens(1 - lead, begin, results.get(0).logProbability(), ends),
                fit,
                watch.observations()));
  }

  private Plan planRolling(TextTokenizer.Tokens tokens, int windowTokens, RequestWatch watch) {
    int[] ids = tokens.ids();
    List<Pass> passes = new ArrayList<>();
    for (RollingWindows.Window window : RollingWindows.of(ids.length, windowTokens)) {
      int[] input = new int[window.inputTokens()];
      int lead = window.prefix() ? 1 : 0;
      if (window.prefix()) {
        input[0] = basis.tokens().prefix();
      }
      System.arraycopy(ids, window.inputFrom(), input, lead, input.length - lead);
      passes.add(
          rating(input, Arrays.copyOfRange(ids, window.ratedFrom(), window.ratedTo()), watch));
    }
    return new Plan.Rating(
        passes,
        results ->
            new DocumentRating(
                new RatedTokens(0, 0, joined(results, ids.length), tokens.textEnds()),
                ContextFit.whole(ids.length),
                watch.observations()));
  }

  private Plan planStretch(
      TextTokenizer.Tokens tokens, Windows.Stretch stretch, RequestWatch watch) {
    int[] ids = tokens.ids();
    if (ids.length < stretch.end()) {
      throw new BadInputException(
          "document of " + ids.length + " tokens",
          "has no token " + stretch.end() + " that a stretch could end with");
    }
    List<Pass> passes = new ArrayList<>();
    for (Windows.Stretch.Reading reading : stretch.readings()) {
      passes.add(
          rating(
              Arrays.copyOfRange(ids, reading.from(), reading.to() - 1),
              Arrays.copyOfRange(ids, reading.ratedFrom(), reading.to()),
              watch));
    }
    int first = stretch.end() - stretch.rated();
    int[] ends = Arrays.copyOfRange(tokens.textEnds(), first, stretch.end());
    int begin = first == 0 ? 0 : tokens.textEnds()[first - 1];
    return new Plan.Rating(
        passes,
        results ->
            new DocumentRating(
                new RatedTokens(first, begin, joined(results, stretch.rated()), ends),
                ContextFit.whole(stretch.readTokens()),
                watch.observations()));
  }

  private static float[] joined(List<? extends RatedPass> results, int tokens) {
    float[] all = new float[tokens];
    int at = 0;
    for (RatedPass result : results) {
      float[] rated = result.logProbability();
      System.arraycopy(rated, 0, all, at, rated.length);
      at += rated.length;
    }
    return all;
  }

  /**
   * White space at the context's end moves to the continuation, both are encoded as one text, and
   * what lies behind the tokens of the context alone is rated: lm-evaluation-harness's rule.
   */
  private Plan planContinuation(RateContinuation request) {
    PromptTokens.KeptText kept = texts.kept(request.context(), request.truncation());
    String context = PythonText.rstrip(kept.text());
    int[] whole = texts.ids(kept.text() + request.continuation());
    int[] alone = texts.ids(context);
    boolean boundaryMoved =
        alone.length > whole.length
            || !Arrays.equals(alone, 0, alone.length, whole, 0, alone.length);
    int[] all =
        context.isEmpty()
            ? PromptTokens.prefixed(emptyContext(request), whole)
            : begun(whole, request);
    int from = all.length - whole.length + Math.min(alone.length, whole.length - 1);
    int[] targets = Arrays.copyOfRange(all, from, all.length);
    RequestWatch watch = watch(request);
    Pass pass = rating(Arrays.copyOfRange(all, 0, all.length - 1), targets, watch);
    return new Plan.Rating(
        List.of(pass),
        results -> {
          RatedPass rated = results.get(0);
          double sum = 0;
          for (float x : rated.logProbability()) {
            sum += x;
          }
          return new ContinuationRating(
              sum,
              targets.length,
              rated.greedy(targets),
              boundaryMoved,
              new ContextFit(all.length + kept.fit().cutTokens(), all.length),
              watch.observations());
        });
  }
}

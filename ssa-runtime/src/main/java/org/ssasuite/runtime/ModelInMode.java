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
import org.ssasuite.core.request.AttentionStatistic;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.RollingWindows;
import org.ssasuite.core.request.SelectedBlocks;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.request.Work;

/** A loaded model in one attention mode: requests become passes, passes' results answers. */
final class ModelInMode implements LanguageModel {
  private final SsaModel model;
  private final AttentionMode mode;
  private Optional<ModelCard> card = Optional.empty();

  ModelInMode(SsaModel model, AttentionMode mode) {
    this.model = model;
    this.mode = mode;
  }

  @Override
  public ModelCard card() {
    if (card.isEmpty()) {
      card =
          Optional.of(
              new ModelCard(
                  model.checkpoint().name(),
                  mode.text(),
                  OptionalInt.of(model.checkpoint().config().trainedTokens()),
                  model.facts()));
    }
    return card.orElseThrow();
  }

  @Override
  public Set<AttentionStatistic> observable() {
    return Set.of(AttentionStatistic.SELECTED_BLOCKS);
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    List<Plan> plans = requests.stream().map(this::plan).toList();
    List<Generation> written = write(plans);
    List<PassResult> plain = run(plans, false);
    List<PassResult> observed = run(plans, true);
    List<Response> responses = new ArrayList<>();
    int nextPlain = 0;
    int nextObserved = 0;
    int nextWritten = 0;
    for (Plan plan : plans) {
      int n = plan.passes().size();
      if (plan.job().isPresent()) {
        responses.add(written.get(nextWritten++));
      } else if (plan.observed()) {
        responses.add(plan.reader().read(observed.subList(nextObserved, nextObserved + n)));
        nextObserved += n;
      } else {
        responses.add(plan.reader().read(plain.subList(nextPlain, nextPlain + n)));
        nextPlain += n;
      }
    }
    return responses;
  }

  @Override
  public Work work() {
    Workload done = model.workload();
    return new Work(done.runs(), done.tokens(), done.sharedTokens());
  }

  private List<PassResult> run(List<Plan> plans, boolean observed) {
    List<Pass> passes =
        plans.stream()
            .filter(plan -> plan.observed() == observed)
            .flatMap(plan -> plan.passes().stream())
            .toList();
    return model.run(passes, mode, observed);
  }

  /** What the plans that have a job write. */
  private List<Generation> write(List<Plan> plans) {
    List<Plan> writing = plans.stream().filter(plan -> plan.job().isPresent()).toList();
    List<GeneratedTokens> generated =
        model.decoder(mode).run(writing.stream().map(plan -> plan.job().orElseThrow()).toList());
    List<Generation> written = new ArrayList<>();
    for (int i = 0; i < writing.size(); i++) {
      GeneratedTokens tokens = generated.get(i);
      written.add(
          new Generation(
              tokens.text().orElseThrow(),
              tokens.ids().length,
              writing.get(i).fit(),
              observations(writing.get(i), tokens),
              tokens.failure()));
    }
    return written;
  }

  private static Optional<Observations> observations(Plan plan, GeneratedTokens generated) {
    return plan.job().orElseThrow().spans().isEmpty()
        ? Optional.empty()
        : Optional.of(new Observations(List.of(), generated.spans()));
  }

  /**
   * The passes that a request needs and how their results become its answer, or what to write.
   *
   * @param fit of what is to be continued; a reader knows that of its passes
   */
  private record Plan(
      boolean observed,
      List<Pass> passes,
      AnswerReader reader,
      Optional<GreedyDecoder.Job> job,
      ContextFit fit) {
    Plan(boolean observed, List<Pass> passes, AnswerReader reader) {
      this(observed, passes, reader, Optional.empty(), ContextFit.whole(0));
    }
  }

  private interface AnswerReader {
    Response read(List<PassResult> results);
  }

  private Plan plan(Request<?> request) {
    if (request instanceof RateDocument document) {
      return planDocument(document);
    }
    if (request instanceof RateContinuation continuation) {
      return planContinuation(continuation);
    }
    return planGenerate((Generate) request);
  }

  private Plan planGenerate(Generate generate) {
    if (!generate.observe().statistics().isEmpty()) {
      throw new BadInputException("generation", "attention is observed in ratings only");
    }
    PromptTokens prompt = model.encode(generate.prompt(), generate.truncation());
    GreedyDecoder.Job job =
        new GreedyDecoder.Job(
            prompt.ids().length == 0 ? new int[] {model.prefixToken()} : prompt.ids(),
            generate.maxTokens(),
            generate.stops(),
            generate.ends().leastTokens(),
            lastTokens(generate.ends()),
            spans(generate, prompt));
    return new Plan(
        false,
        List.of(),
        results -> {
          throw new IllegalStateException("a generation has no passes");
        },
        Optional.of(job),
        prompt.ids().length == 0 ? ContextFit.whole(1) : prompt.fit());
  }

  /** Stretches of a prompt that is read whole: of another one their tokens would not be known. */
  private List<TokenSpan> spans(Generate generate, PromptTokens prompt) {
    if (generate.observe().spans().isEmpty()) {
      return List.of();
    }
    TextTokenizer.Tokens tokens = model.encode(generate.prompt());
    if (!Arrays.equals(tokens.ids(), prompt.ids())) {
      throw new BadInputException(
          "generation", "stretches of a prompt are observed where it is read whole only");
    }
    return generate.observe().spans().stream()
        .map(span -> TokenSpan.of(span, tokens.textEnds()))
        .toList();
  }

  private Set<Integer> lastTokens(EndTokens ends) {
    return ends.lastTokenOf().stream()
        .map(text -> model.encode(text).ids())
        .filter(ids -> ids.length > 0)
        .map(ids -> ids[ids.length - 1])
        .collect(Collectors.toUnmodifiableSet());
  }

  private Plan planDocument(RateDocument request) {
    TextTokenizer.Tokens tokens = model.encode(request.text());
    boolean observed = !request.observe().statistics().isEmpty();
    if (request.windows() instanceof Windows.First first) {
      return planFirst(tokens, first, observed);
    }
    return planRolling(tokens, request.windows().tokens(), observed);
  }

  private Plan planFirst(TextTokenizer.Tokens tokens, Windows.First first, boolean observed) {
    int n = Math.min(tokens.ids().length, first.tokens());
    ContextFit fit = new ContextFit(tokens.ids().length, n);
    if (n < 2) {
      RatedTokens nothing = new RatedTokens(1, 0, new float[0], new int[0]);
      return new Plan(
          observed,
          List.of(),
          results -> new DocumentRating(nothing, fit, observations(observed, results)));
    }
    Pass pass =
        Pass.ratingLast(
            Arrays.copyOfRange(tokens.ids(), 0, n - 1), Arrays.copyOfRange(tokens.ids(), 1, n));
    int[] ends = Arrays.copyOfRange(tokens.textEnds(), 1, n);
    return new Plan(
        observed,
        List.of(pass),
        results ->
            new DocumentRating(
                new RatedTokens(
                    1, tokens.textEnds()[0], results.get(0).rated().logProbability(), ends),
                fit,
                observations(observed, results)));
  }

  private Plan planRolling(TextTokenizer.Tokens tokens, int windowTokens, boolean observed) {
    int[] ids = tokens.ids();
    List<Pass> passes = new ArrayList<>();
    for (RollingWindows.Window window : RollingWindows.of(ids.length, windowTokens)) {
      int[] input = new int[window.inputTokens()];
      int lead = window.prefix() ? 1 : 0;
      if (window.prefix()) {
        input[0] = model.prefixToken();
      }
      System.arraycopy(ids, window.inputFrom(), input, lead, input.length - lead);
      passes.add(
          Pass.ratingLast(input, Arrays.copyOfRange(ids, window.ratedFrom(), window.ratedTo())));
    }
    return new Plan(
        observed,
        passes,
        results ->
            new DocumentRating(
                new RatedTokens(0, 0, joined(results, ids.length), tokens.textEnds()),
                ContextFit.whole(ids.length),
                observations(observed, results)));
  }

  private static float[] joined(List<PassResult> results, int tokens) {
    float[] all = new float[tokens];
    int at = 0;
    for (PassResult result : results) {
      float[] rated = result.rated().logProbability();
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
    PromptTokens.KeptText kept = model.kept(request.context(), request.truncation());
    String context = PythonText.rstrip(kept.text());
    String moved = kept.text().substring(context.length()) + request.continuation();
    int[] whole = model.encode(context + moved).ids();
    int[] alone = model.encode(context).ids();
    boolean boundaryMoved =
        alone.length > whole.length
            || !Arrays.equals(alone, 0, alone.length, whole, 0, alone.length);
    int[] prefix = context.isEmpty() ? new int[] {model.prefixToken()} : new int[0];
    int[] all = new int[prefix.length + whole.length];
    System.arraycopy(prefix, 0, all, 0, prefix.length);
    System.arraycopy(whole, 0, all, prefix.length, whole.length);
    int from = prefix.length + Math.min(alone.length, whole.length - 1);
    int[] targets = Arrays.copyOfRange(all, from, all.length);
    Pass pass = Pass.ratingLast(Arrays.copyOfRange(all, 0, all.length - 1), targets);
    boolean observed = !request.observe().statistics().isEmpty();
    return new Plan(
        observed,
        List.of(pass),
        results -> {
          TokenLogProbs rated = results.get(0).rated();
          double sum = 0;
          for (float x : rated.logProbability()) {
            sum += x;
          }
          return new ContinuationRating(
              sum,
              targets.length,
              Arrays.equals(rated.argmax(), targets),
              boundaryMoved,
              new ContextFit(all.length + kept.fit().cutTokens(), all.length),
              observations(observed, results));
        });
  }

  private static Optional<Observations> observations(boolean asked, List<PassResult> results) {
    if (!asked) {
      return Optional.empty();
    }
    List<SelectedBlocks> selected =
        results.stream().flatMap(result -> result.selected().stream()).toList();
    return Optional.of(new Observations(selected));
  }

  /** The model stays its owner's. */
  @Override
  public void close() {}
}

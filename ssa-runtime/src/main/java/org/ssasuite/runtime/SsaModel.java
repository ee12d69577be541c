package org.ssasuite.runtime;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Work;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.observation.StatisticsWatch;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.operator.CudaLimits;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;
import org.ssasuite.runtime.tokenizer.EncodedTexts;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * A loaded checkpoint: one session that serves every attention mode. Mutable inside: one owner, one
 * call at a time, closed once.
 */
public final class SsaModel implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final RuntimeOptions options;
  private final RopeScaling rope;
  private final TokenIds tokens;
  private final CachedRunner runner;
  private final VocabularyHead head;
  private final ModelTexts texts;
  private final ComparedModes compared;
  // Made once: hashing the weights of a large model takes a while.
  private Optional<ModelFacts> facts = Optional.empty();

  private SsaModel(
      Checkpoint checkpoint,
      RuntimeOptions options,
      RopeScaling rope,
      TokenIds tokens,
      CachedRunner runner,
      Supplier<FloatBuffer> headSource,
      ModelTexts texts) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.rope = rope;
    this.tokens = tokens;
    this.runner = runner;
    this.texts = texts;
    this.compared = new ComparedModes(checkpoint, options, runner, headSource);
    this.head = new VocabularyHead(headSource, options.precision());
  }

  /**
   * Loads weights and tokenizer, with the standard scheduling.
   *
   * @param rope replaces what the config states; absent: that stays
   * @throws BadInputException for corrupt or non-finite weights, a broken tokenizer, a missing
   *     operator library
   */
  public static SsaModel load(
      Checkpoint checkpoint, RuntimeOptions options, Optional<RopeScaling> rope) {
    return load(checkpoint, options, rope, Scheduling.standard());
  }

  /**
   * Loads weights and tokenizer.
   *
   * @param rope replaces what the config states; absent: that stays
   * @throws BadInputException for corrupt or non-finite weights, a broken tokenizer, a missing
   *     operator library
   */
  public static SsaModel load(
      Checkpoint checkpoint,
      RuntimeOptions options,
      Optional<RopeScaling> rope,
      Scheduling scheduling) {
    return load(checkpoint, options, rope, scheduling, Optional.empty(), new EncodedTexts());
  }

  /**
   * The same for a model whose facts are known: its files are not read for their digests again.
   *
   * @param facts of this checkpoint with these options
   * @param texts what other models of the run have encoded
   * @throws BadInputException as above, and if a file has changed since its digest was made
   */
  public static SsaModel load(
      Checkpoint checkpoint,
      Engine engine,
      Optional<RopeScaling> rope,
      ModelFacts facts,
      EncodedTexts texts) {
    SsaModel model =
        load(checkpoint, engine.options(), rope, engine.scheduling(), Optional.empty(), texts);
    try {
      // Behind the loading: what changed while weights were read shows too.
      facts.files().requireUnchanged("the run began");
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    model.facts = Optional.of(facts);
    return model;
  }

  /**
   * The same, with a record of how long each node of the graph takes.
   *
   * @param profile how the record's file name begins
   */
  static SsaModel load(
      Checkpoint checkpoint,
      RuntimeOptions options,
      Optional<RopeScaling> rope,
      Scheduling scheduling,
      Optional<Path> profile,
      EncodedTexts texts) {
    ModelConfig config = checkpoint.config();
    SpecialTokens stated = checkpoint.specialTokens();
    Optional<TextTokenizer> tokenizer =
        checkpoint
            .tokenizerFile()
            .map(
                file -> TextTokenizer.load(file, asked(checkpoint, stated), TextTokenizer.STRETCH));
    try {
      TokenIds tokens = TokenIds.of(checkpoint, stated, tokenizer);
      RopeScaling scaling = rope.orElse(config.ropeScaling());
      boolean cuda = options.device() == Device.CUDA;
      Map<String, OnnxSession.Weight> weights =
          cuda ? CudaWeights.of(checkpoint, options.precision()) : weights(checkpoint);
      Supplier<FloatBuffer> head = head(checkpoint, weights, cuda);
      PagePool pool = pool(config, options);
      CachedRunner runner;
      try {
        byte[] graph =
            cuda
                ? CudaGraph.write(config, checkpoint.layout(), options.precision(), pool.id())
                : ModelGraph.write(config, checkpoint.layout(), options.isa(), pool.id());
        OnnxSession session = OnnxSession.open(graph, weights, options, profile);
        ModelRun run = new ModelRun(checkpoint, scaling, session, RunSize.on(options.device()));
        runner = new CachedRunner(run, pool, scheduling);
      } catch (RuntimeException e) {
        pool.close();
        throw e;
      }
      ModelTexts own =
          new ModelTexts(
              checkpoint.folder(), checkpoint.noTokenizer(), config.vocabulary(), tokenizer, texts);
      return new SsaModel(checkpoint, options, scaling, tokens, runner, head, own);
    } catch (RuntimeException e) {
      tokenizer.ifPresent(TextTokenizer::close);
      throw e;
    }
  }

  private static Set<String> asked(Checkpoint checkpoint, SpecialTokens stated) {
    Set<String> asked = new HashSet<>(stated.texts());
    asked.addAll(checkpoint.sampleTokens().keySet());
    return asked;
  }

  /** What the session has already, rather than a file that may have changed; CUDA's is rounded. */
  private static Supplier<FloatBuffer> head(
      Checkpoint checkpoint, Map<String, OnnxSession.Weight> weights, boolean cuda) {
    return cuda
        ? () -> checkpoint.head().floats()
        : () -> ((FloatBuffer) weights.get(checkpoint.head().name()).values()).duplicate();
  }

  static PagePool pool(ModelConfig config, RuntimeOptions options) {
    boolean valueSums = config.budget().window().isPresent();
    return PagePool.create(
        new PagePool.Shape(config.layers(), config.kvHeads(), config.headDim(), valueSums),
        CachedRunner.MOST_PAGES,
        options);
  }

  static Map<String, OnnxSession.Weight> weights(Checkpoint checkpoint) {
    Map<String, OnnxSession.Weight> weights = new LinkedHashMap<>();
    for (String name : checkpoint.layout().names()) {
      StoredTensor tensor = checkpoint.tensor(name);
      weights.put(name, new OnnxSession.Weight(tensor.floats(), tensor.shape()));
    }
    return weights;
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** This model in one mode. Closing the view closes nothing: the model stays its owner's. */
  public LanguageModel in(AttentionMode mode) {
    return new ModelInMode(this, mode);
  }

  /**
   * Rates every id of a sequence but the first, given those before it. No BOS is added.
   *
   * @throws BadInputException if an id lies outside of the vocabulary, or there is none
   */
  public TokenLogProbs logProbabilities(int[] ids, AttentionMode mode) {
    requireIds(ids);
    if (ids.length == 1) {
      return new TokenLogProbs(new float[0], new int[0], new float[0]);
    }
    int[] targets = Arrays.copyOfRange(ids, 1, ids.length);
    int[] tokens = Arrays.copyOfRange(ids, 0, ids.length - 1);
    return run(List.of(Pass.ratingLast(tokens, targets)), mode).get(0);
  }

  /**
   * Where the attention of a sequence goes.
   *
   * @param queries over which means are taken; what follows the last is not computed
   * @throws BadInputException if an id lies outside of the vocabulary, there is none, the queries
   *     lie outside of the sequence, or there are no CUDA kernels for a budget
   */
  public TextStatistics statistics(
      int[] ids, AttentionMode mode, StatisticsRequest asked, QueryRange queries) {
    CudaLimits.requireBudgets(options, asked.budgets(), ids.length);
    requireIds(ids);
    if (queries.queries() < 1 || queries.to() > ids.length) {
      throw new BadInputException(
          "queries " + queries.from() + ":" + queries.to(),
          "none, or not among the text's " + ids.length + " tokens");
    }
    StatisticsWatch watch =
        new StatisticsWatch(checkpoint.config(), new StatisticColumns(asked, mode), queries);
    Pass pass = Pass.ratingLast(Arrays.copyOf(ids, queries.to()), new int[0]);
    run(List.of(pass.watchedBy(List.of(watch))), mode);
    return watch.statistics(ids.length, checkpoint.gated());
  }

  private void requireIds(int[] ids) {
    if (ids.length == 0) {
      throw new BadInputException("token ids", "none given");
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= checkpoint.config().vocabulary()) {
        throw new BadInputException(
            "token ids",
            "id "
                + ids[i]
                + " at position "
                + i
                + "; the vocabulary has "
                + checkpoint.config().vocabulary()
                + " ids");
      }
    }
  }

  /**
   * Continues ids greedily. Ends after {@code maxTokens}, at an id that {@code
   * generation_config.json} or else the config states as {@code eos_token_id}, or at a stop string.
   *
   * @throws BadInputException if an id lies outside of the vocabulary, there is none, stop strings
   *     are given without a tokenizer, or the model's logits are no numbers
   */
  public GeneratedTokens generate(
      int[] ids, AttentionMode mode, int maxTokens, List<String> stops) {
    requireIds(ids);
    if (!stops.isEmpty()) {
      texts.require();
    }
    GeneratedTokens generated =
        decoder(mode).run(List.of(new GreedyDecoder.Job(ids, maxTokens, stops))).get(0);
    generated
        .failure()
        .ifPresent(
            fact -> {
              throw new BadInputException("model " + checkpoint.name(), fact);
            });
    return generated;
  }

  GreedyDecoder decoder(AttentionMode mode) {
    return new GreedyDecoder(runner, head, mode, tokens.ends(), texts.tokenizer());
  }

  Device device() {
    return options.device();
  }

  CachedRunner runner() {
    return runner;
  }

  /** What has been computed since the model was loaded. */
  public Work work() {
    return runner.work();
  }

  /** Pages of the key/value cache that are in use: none between two calls. */
  int pagesInUse() {
    return runner.pagesInUse();
  }

  PagePool.Report cacheMemory() {
    return runner.memory();
  }

  /**
   * Token ids of a text, nothing added.
   *
   * @throws BadInputException without a tokenizer
   */
  public int[] tokenize(String text) {
    return texts.ids(text).clone();
  }

  /**
   * Token ids of a text, nothing added, by a model's tokenizer alone: no weights are read.
   *
   * @throws BadInputException without a tokenizer
   */
  public static int[] tokenize(Checkpoint checkpoint, String text) {
    Path file =
        checkpoint
            .tokenizerFile()
            .orElseThrow(
                () -> new BadInputException(checkpoint.folder(), checkpoint.noTokenizer()));
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      return tokenizer.encode(text, checkpoint.config().vocabulary()).ids();
    }
  }

  /** What can change a result. */
  ModelFacts facts() {
    if (facts.isEmpty()) {
      facts = Optional.of(ModelFacts.of(checkpoint, options, Optional.of(rope)));
    }
    return facts.orElseThrow();
  }

  ModelTexts texts() {
    return texts;
  }

  /** What plans for this model are made with. */
  PlanBasis basis() {
    return new PlanBasis(
        texts, tokens, Optional.of(new PlanBasis.Inside(checkpoint.config(), options.device())));
  }

  /**
   * Two modes of the model on the same tokens.
   *
   * @param a the mode of side A
   * @param b the mode of side B
   */
  ComparedTokens compared(int[] ids, AttentionMode a, AttentionMode b) {
    return compared.of(ids, a, b);
  }

  List<TokenLogProbs> run(List<Pass> passes, AttentionMode mode) {
    return runner.run(passes, mode);
  }

  @Override
  public void close() {
    compared.close();
    runner.close();
    texts.tokenizer().ifPresent(TextTokenizer::close);
  }
}

package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.checkpoint.Departures;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;

/**
 * The graph of a Llama-type model over packed tokens: embedding → per layer [RMSNorm → q, k, v,
 * gates → {@code ssa.Attention} (rotary inside) → output projection, RMSNorm → SwiGLU] → rated rows
 * → RMSNorm → {@code ssa.TokenLogProb}.
 *
 * <p>Inputs: {@code tokens [T]}, {@code positions [T]}, {@code sequence_starts [S+1]}, {@code mode
 * [M]} ({@link ModeCode}), {@code cos, sin [P, D]}, {@code pages [S, P]}, {@code past_tokens [S]},
 * {@code copies [C, 2]} (the cache), {@code rows [R]} (which tokens' successors are rated), {@code
 * targets [R]}. Outputs: {@code logprob, argmax, argmax_logprob [R]}, {@code rated_hidden [R, E]}
 * (the rows that the vocabulary head reads), {@code selected_<layer> [T, H, k]}; with a cache also
 * those of {@link ObservedGraph}. Weights keep their Hugging Face names and shapes ([out, in]).
 */
public final class ModelGraph {
  /** Name of the output with the rows that the vocabulary head reads. */
  public static final String RATED_HIDDEN = "rated_hidden";

  /** Name of the rotary table's cosines, [P, D]. */
  public static final String COSINES = "cos";

  /** Name of the rotary table's sines, [P, D]. */
  public static final String SINES = "sin";

  /** The attribute of a node without a cache. */
  static final long NO_POOL = -1;

  private final ModelConfig config;
  private final ModelLayout layout;
  private final GraphWeights.Declared weights;
  private final LayerProducts products;
  private final Isa isa;
  private final long pool;
  private final GraphBuilder graph;

  private ModelGraph(
      ModelConfig config, ModelLayout layout, Isa isa, long pool, GraphBuilder graph) {
    this.config = config;
    this.layout = layout;
    this.weights = new GraphWeights.Declared(GraphWeights.separate(layout), graph);
    this.products = new LayerProducts(graph, layout, weights);
    this.isa = isa;
    this.pool = pool;
    this.graph = graph;
  }

  /**
   * Writes the graph.
   *
   * @param pool the pool that holds keys and values
   */
  public static byte[] write(ModelConfig config, ModelLayout layout, Isa isa, long pool) {
    return begun(config, layout, isa, pool).write();
  }

  /**
   * The graph with a cache up to what the vocabulary head reads, the output {@value #RATED_HIDDEN}.
   * Inputs as of the whole one; {@code targets} is not read, and a head that is not tied is no
   * weight of it.
   *
   * @param pool the pool that holds keys and values
   * @param layers whether what leaves each layer is an output too, {@link #afterLayer}
   */
  public static byte[] writeHeadless(
      ModelConfig config, ModelLayout layout, Isa isa, long pool, boolean layers) {
    ModelGraph graph = begun(config, layout, isa, pool);
    graph.rated();
    declareRatedHidden(graph.graph, config.hidden());
    if (layers) {
      declareLayers(graph.graph, config);
    }
    return graph.graph.model();
  }

  /** Name of the output with the residual stream that leaves a layer, a row per token or more. */
  public static String afterLayer(int layer) {
    return "after_feed_" + layer;
  }

  static void declareLayers(GraphBuilder graph, ModelConfig config) {
    for (int layer = 0; layer < config.layers(); layer++) {
      String width = Integer.toString(config.hidden());
      graph.output(afterLayer(layer), GraphBuilder.Type.FLOAT, "rows_" + layer, width);
    }
  }

  private static ModelGraph begun(ModelConfig config, ModelLayout layout, Isa isa, long pool) {
    ModelGraph graph = new ModelGraph(config, layout, isa, pool, new GraphBuilder());
    declareInputs(graph.graph);
    declareTables(graph.graph, config.headDim());
    declareCache(graph.graph);
    AttentionAsk.declareInputs(graph.graph, Device.CPU);
    ObservedGraph.declareResidual(graph.graph);
    return graph;
  }

  /**
   * A graph that needs nothing but its weights' file and the operators' library.
   *
   * @param weightOffsets where each weight begins in that file, bytes; ascending
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  public record Standalone(byte[] model, Map<String, Long> weightOffsets) {
    public Standalone {
      weightOffsets = Collections.unmodifiableMap(new LinkedHashMap<>(weightOffsets));
    }
  }

  /**
   * The graph without a cache: inputs {@code tokens}, {@code positions}, {@code sequence_starts},
   * {@code mode}, {@code rows}, {@code targets}. The tables {@code cos} and {@code sin} are two
   * more weights.
   *
   * @param weightFile name of the file with the weights
   * @param positions rows of the tables
   */
  public static Standalone standalone(
      ModelConfig config, ModelLayout layout, String weightFile, int positions) {
    GraphBuilder builder = new GraphBuilder(weightFile);
    ModelGraph graph = new ModelGraph(config, layout, Isa.AUTO, NO_POOL, builder);
    declareInputs(builder);
    builder.weight(COSINES, positions, config.headDim());
    builder.weight(SINES, positions, config.headDim());
    return new Standalone(graph.write(), builder.offsets());
  }

  /** Name of the output with a layer's selected blocks. */
  public static String selected(int layer) {
    return "selected_" + layer;
  }

  /** The rated rows as the vocabulary head reads them. */
  private String rated() {
    String embedding = weights.of(layout.get(Role.EMBEDDING));
    String rows = graph.node("embedded", "Gather", List.of(embedding, "tokens"));
    Departures departures = config.departures();
    String hidden = products.times("embedded_times", rows, departures.embedding());
    for (int layer = 0; layer < config.layers(); layer++) {
      hidden = feedForward(layer, attention(layer, hidden));
    }
    String rated = graph.node("rated", "Gather", List.of(hidden, "rows"));
    boolean divided = departures.logits() != 1;
    String last = divided ? "rated_normed" : RATED_HIDDEN;
    String normed = norm(last, rated, layout.get(Role.FINAL_NORM));
    return products.times(RATED_HIDDEN, normed, 1 / departures.logits());
  }

  private byte[] write() {
    String normed = rated();
    String head = weights.of(layout.head());
    graph.node(
        "ssa",
        "head",
        "TokenLogProb",
        List.of(normed, head, "targets"),
        List.of("logprob", "argmax", "argmax_logprob"),
        attribute("isa", isa.text()));
    declareOutputs(graph, config.hidden());
    weights.requireAll(layout);
    return graph.model();
  }

  /** What the vocabulary head gives, and what it reads. */
  static void declareOutputs(GraphBuilder graph, int hidden) {
    declareRatedHidden(graph, hidden);
    graph.output("logprob", GraphBuilder.Type.FLOAT, "R");
    graph.output("argmax", GraphBuilder.Type.INT32, "R");
    graph.output("argmax_logprob", GraphBuilder.Type.FLOAT, "R");
  }

  static void declareRatedHidden(GraphBuilder graph, int hidden) {
    graph.output(RATED_HIDDEN, GraphBuilder.Type.FLOAT, "R", Integer.toString(hidden));
  }

  /** What a run reads, beside the tables and the cache. */
  static void declareInputs(GraphBuilder graph) {
    graph.input("tokens", GraphBuilder.Type.INT64, "T");
    graph.input("positions", GraphBuilder.Type.INT64, "T");
    graph.input("sequence_starts", GraphBuilder.Type.INT64, "S1");
    graph.input("mode", GraphBuilder.Type.INT64, "M");
    graph.input("rows", GraphBuilder.Type.INT64, "R");
    graph.input("targets", GraphBuilder.Type.INT64, "R");
  }

  static void declareTables(GraphBuilder graph, int headDim) {
    graph.input(COSINES, GraphBuilder.Type.FLOAT, "P", Integer.toString(headDim));
    graph.input(SINES, GraphBuilder.Type.FLOAT, "P", Integer.toString(headDim));
  }

  static void declareCache(GraphBuilder graph) {
    graph.input("pages", GraphBuilder.Type.INT64, "S", "pages_of_a_sequence");
    graph.input("past_tokens", GraphBuilder.Type.INT64, "S");
    graph.input("copies", GraphBuilder.Type.INT64, "C", "2");
  }

  private String attention(int layer, String hidden) {
    String normed = norm("attention_in_" + layer, hidden, layout.get(layer, Role.INPUT_NORM));
    HeadInputs heads = HeadInputs.of(products, config, layer, normed);
    String gates = "";
    if (layout.gated()) {
      String raw = products.of("gate_in_" + layer, normed, layout.get(layer, Role.GATES));
      gates = graph.node("gates_" + layer, "Sigmoid", List.of(raw));
    }
    List<String> inputs =
        new ArrayList<>(
            List.of(
                heads.queries(),
                heads.keys(),
                heads.values(),
                gates,
                turning(layer, "positions"),
                turning(layer, COSINES),
                turning(layer, SINES),
                "sequence_starts",
                "mode"));
    if (pool != NO_POOL) {
      inputs.addAll(List.of("pages", "past_tokens", "copies"));
    }
    List<String> outputs = new ArrayList<>(List.of("attended_" + layer, selected(layer)));
    if (pool != NO_POOL) {
      ObservedGraph.observeResidual(graph, layer, hidden);
      AttentionAsk.attach(graph, Device.CPU, layer, inputs, outputs);
    }
    graph.node(
        "ssa",
        "attention_" + layer,
        "Attention",
        inputs,
        outputs,
        attribute("query_heads", (long) config.queryHeads()),
        attribute("kv_heads", (long) config.kvHeads()),
        attribute("pool", pool),
        attribute("layer", (long) layer),
        attribute("isa", isa.text()));
    graph.output(
        selected(layer), GraphBuilder.Type.INT32, "T", Integer.toString(config.kvHeads()), "K");
    String out =
        products.of("attention_out_" + layer, "attended_" + layer, layout.get(layer, Role.OUTPUT));
    String added = products.times("attention_times_" + layer, out, config.departures().residual());
    return graph.node("after_attention_" + layer, "Add", List.of(hidden, added));
  }

  /** An input that turns queries and keys; none in a layer that does not. */
  private String turning(int layer, String input) {
    return config.departures().turns(layer) ? input : "";
  }

  private String feedForward(int layer, String hidden) {
    String normed = norm("feed_in_" + layer, hidden, layout.get(layer, Role.POST_NORM));
    String gate = "feed_gate_" + layer;
    String up = "feed_up_" + layer;
    if (layout.joined()) {
      String both =
          products.of("feed_gate_up_" + layer, normed, layout.get(layer, Role.JOINED_FEED));
      products.cut(both, List.of(gate, up), config.feedForward(), config.feedForward());
    } else {
      products.of(gate, normed, layout.get(layer, Role.FEED_GATE));
      products.of(up, normed, layout.get(layer, Role.FEED_UP));
    }
    String opened = graph.node("feed_open_" + layer, "Swish", List.of(gate));
    String product = graph.node("feed_product_" + layer, "Mul", List.of(opened, up));
    String down = products.of("feed_out_" + layer, product, layout.get(layer, Role.FEED_DOWN));
    String added = products.times("feed_times_" + layer, down, config.departures().residual());
    return graph.node(afterLayer(layer), "Add", List.of(hidden, added));
  }

  private String norm(String name, String input, ModelLayout.Tensor weight) {
    return products.normed(name, input, weight, config.normEpsilon());
  }
}

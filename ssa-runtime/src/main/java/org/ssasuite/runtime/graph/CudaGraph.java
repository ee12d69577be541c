package org.ssasuite.runtime.graph;

import static org.ssasuite.runtime.graph.GraphBuilder.attribute;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Precision;

/**
 * The graph of a Llama-type model for the CUDA provider: the same model as {@link ModelGraph}, with
 * q, k, v and gates from one product, gate and up from another, the residual stream in fp32 beside
 * activations of the precision, and the pages of the cache on the device.
 *
 * <p>Inputs and outputs are {@link ModelGraph}'s, with those of {@link ObservedGraph}; besides,
 * {@code decoding [1]} says whether single tokens are steps of a generation. {@code tokens} and
 * {@code positions} may be longer than {@code sequence_starts} says: what is behind is padding, and
 * gives nothing. {@code rated_hidden} is fp32 and holds what the vocabulary head read, which has
 * the precision's digits.
 */
public final class CudaGraph {
  /** Name of the input that tells steps from prompts. */
  public static final String DECODING = "decoding";

  private static final String PAGE_TABLE = "page_table";
  private static final String SEQUENCE_TABLE = "sequence_table";
  private static final String STORAGE = "storage";

  private final ModelConfig config;
  private final ModelLayout layout;
  private final GraphWeights.Declared weights;
  private final GraphBuilder.Type type;
  private final long pool;
  private final GraphBuilder graph = new GraphBuilder();
  private final LayerProducts products;

  private CudaGraph(ModelConfig config, ModelLayout layout, Precision precision, long pool) {
    this.config = config;
    this.layout = layout;
    this.type = GraphBuilder.Type.of(precision);
    this.weights = new GraphWeights.Declared(GraphWeights.joint(layout, type), graph);
    this.products = new LayerProducts(graph, layout, weights);
    this.pool = pool;
  }

  /**
   * Writes the graph.
   *
   * @param pool the pool on the device that holds keys and values
   */
  public static byte[] write(
      ModelConfig config, ModelLayout layout, Precision precision, long pool) {
    return new CudaGraph(config, layout, precision, pool).write();
  }

  /**
   * The graph up to what the vocabulary head reads, the output {@link ModelGraph#RATED_HIDDEN}.
   * Inputs as of the whole one; {@code targets} is not read, and a head that is not tied is no
   * weight of it.
   *
   * @param pool the pool on the device that holds keys and values
   * @param layers whether what leaves each layer is an output too, {@link ModelGraph#afterLayer};
   *     the last layer's has a row per rated row, others' may have rows of padding behind
   */
  public static byte[] writeHeadless(
      ModelConfig config, ModelLayout layout, Precision precision, long pool, boolean layers) {
    CudaGraph graph = new CudaGraph(config, layout, precision, pool);
    graph.rated();
    ModelGraph.declareRatedHidden(graph.graph, config.hidden());
    if (layers) {
      ModelGraph.declareLayers(graph.graph, config);
    }
    return graph.graph.model();
  }

  private byte[] write() {
    head(rated());
    weights.requireAll(layout);
    return graph.model();
  }

  /** The rated rows as the vocabulary head reads them. */
  private String rated() {
    ModelGraph.declareInputs(graph);
    ModelGraph.declareTables(graph, config.headDim());
    ModelGraph.declareCache(graph);
    graph.input(DECODING, GraphBuilder.Type.INT64, "1");
    AttentionAsk.declareInputs(graph, Device.CUDA);
    ObservedGraph.declareResidual(graph);
    pageTable(
        graph,
        config.kvHeads(),
        config.headDim(),
        type,
        pool,
        List.of("pages", "past_tokens", "copies"));
    String embedding = weights.of(layout.get(Role.EMBEDDING));
    String delta = graph.node("embedded", "Gather", List.of(embedding, "tokens"));
    String residual = "";
    for (int layer = 0; layer < config.layers(); layer++) {
      String before = layer == 0 ? "before_layers" : ModelGraph.afterLayer(layer - 1);
      String normed =
          norm(
              "attention_in_" + layer, delta, residual, before, layout.get(layer, Role.INPUT_NORM));
      ObservedGraph.observeResidual(graph, layer, before);
      String attended = attention(layer, normed);
      residual = "before_feed_" + layer;
      String feed =
          norm("feed_in_" + layer, attended, before, residual, layout.get(layer, Role.POST_NORM));
      delta = feedForward(layer, feed);
    }
    String rated = graph.node("rated_residual", "Gather", List.of(residual, "rows"));
    String ratedDelta = graph.node("rated_delta", "Gather", List.of(delta, "rows"));
    String last = ModelGraph.afterLayer(config.layers() - 1);
    String hidden = norm("hidden", ratedDelta, rated, last, layout.get(Role.FINAL_NORM));
    graph.node(
        ModelGraph.RATED_HIDDEN,
        "Cast",
        List.of(hidden),
        attribute("to", (long) GraphBuilder.Type.FLOAT.code()));
    return hidden;
  }

  /** The node that all attention nodes of a run rely on. */
  static void pageTable(
      GraphBuilder graph,
      int kvHeads,
      int headDim,
      GraphBuilder.Type type,
      long pool,
      List<String> cacheInputs) {
    List<String> inputs =
        new ArrayList<>(List.of("sequence_starts", "mode", "positions", ModelGraph.COSINES));
    inputs.addAll(cacheInputs);
    graph.node(
        "ssa",
        "page_table",
        "PageTable",
        inputs,
        List.of(PAGE_TABLE, SEQUENCE_TABLE, STORAGE),
        attribute("kv_heads", (long) kvHeads),
        attribute("head_dim", (long) headDim),
        attribute("pool", pool),
        attribute("element", type.text()));
  }

  /** What {@code ssa.PackedAttention} reads beside the packed rows, in order. */
  static List<String> attentionInputs(String packed, boolean cached) {
    List<String> inputs =
        new ArrayList<>(
            List.of(
                packed,
                "positions",
                ModelGraph.COSINES,
                ModelGraph.SINES,
                PAGE_TABLE,
                SEQUENCE_TABLE,
                STORAGE,
                "sequence_starts",
                "mode",
                DECODING));
    if (cached) {
      inputs.add("past_tokens");
    }
    return inputs;
  }

  private String attention(int layer, String normed) {
    String packed = products.of("packed_" + layer, normed, layout.get(layer, Role.QUERY));
    List<String> inputs = attentionInputs(packed, true);
    List<String> outputs =
        new ArrayList<>(List.of("attended_" + layer, ModelGraph.selected(layer)));
    AttentionAsk.attach(graph, Device.CUDA, layer, inputs, outputs);
    graph.node(
        "ssa",
        "attention_" + layer,
        "PackedAttention",
        inputs,
        outputs,
        attribute("query_heads", (long) config.queryHeads()),
        attribute("kv_heads", (long) config.kvHeads()),
        attribute("head_dim", (long) config.headDim()),
        attribute("gated", layout.gated() ? 1L : 0L),
        attribute("pool", pool),
        attribute("layer", (long) layer));
    graph.output(
        ModelGraph.selected(layer),
        GraphBuilder.Type.INT32,
        "T",
        Integer.toString(config.kvHeads()),
        "K");
    return products.of(
        "attention_out_" + layer, "attended_" + layer, layout.get(layer, Role.OUTPUT));
  }

  private String feedForward(int layer, String normed) {
    String gateUp = products.of("gate_up_" + layer, normed, layout.get(layer, Role.FEED_GATE));
    String opened = "feed_open_" + layer;
    graph.node("ssa", opened, "SwiGlu", List.of(gateUp), List.of(opened));
    return products.of("feed_out_" + layer, opened, layout.get(layer, Role.FEED_DOWN));
  }

  private void head(String hidden) {
    String head = weights.of(layout.head());
    graph.node(
        "ssa",
        "head",
        "TokenLogProb",
        List.of(hidden, head, "targets"),
        List.of("logprob", "argmax", "argmax_logprob"));
    ModelGraph.declareOutputs(graph, config.hidden());
  }

  private String norm(
      String name, String delta, String residual, String sum, ModelLayout.Tensor weight) {
    List<String> inputs = new ArrayList<>(List.of(delta, weights.of(weight)));
    if (!residual.isEmpty()) {
      inputs.add(residual);
    }
    graph.node(
        "ssa",
        name,
        "AddRmsNorm",
        inputs,
        List.of(name, sum),
        attribute("epsilon", (float) config.normEpsilon()));
    return name;
  }
}

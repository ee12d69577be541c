package org.ssasuite.trainer.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;

/**
 * Where each weight lies in one flat array of all of them, so that the optimiser, the norm of the
 * gradients and rounding to bf16 take a few operations, not a few per weight. Matrices come first,
 * norms behind them; between weights there are zeros that never change.
 *
 * @param weights by Hugging Face name, in a checkpoint's order
 * @param matrixElements the part that holds the matrices, which decay
 * @param elements all of it
 */
public record ParameterLayout(Map<String, Weight> weights, long matrixElements, long elements) {
  /** Rows of 128 bytes of bf16: what matrix products want their operands to start at. */
  private static final long ALIGNMENT = 64;

  /** Parts of a layer that have the same input. */
  private static final List<List<String>> JOINT =
      List.of(
          List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATES),
          List.of(Names.MLP_GATE, Names.MLP_UP));

  /**
   * One weight.
   *
   * @param offset of its first element
   */
  public record Weight(String name, List<Long> shape, long offset) {
    public Weight {
      shape = List.copyOf(shape);
    }

    public long elements() {
      return shape.stream().reduce(1L, (a, b) -> a * b);
    }

    /** Whether it is one that decays. */
    public boolean isMatrix() {
      return shape.size() == 2;
    }

    /** The shape as libtorch takes it. */
    public long[] axes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  public ParameterLayout {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /**
   * The weights of a model.
   *
   * @param gated whether its attention has gates
   */
  public static ParameterLayout of(ModelConfig config, boolean gated) {
    Map<String, List<Long>> shapes = shapes(config, gated);
    Map<String, Weight> placed = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> placed.put(name, new Weight(name, shape, 0)));
    long end = place(placed, true, 0);
    return new ParameterLayout(placed, end, place(placed, false, end));
  }

  /** Weights that one product takes together lie behind one another, without a gap. */
  private static long place(Map<String, Weight> weights, boolean matrices, long from) {
    long offset = from;
    for (String name : List.copyOf(weights.keySet())) {
      if (weights.get(name).isMatrix() != matrices || isWithin(name)) {
        continue;
      }
      for (String part : together(name, weights)) {
        Weight weight = weights.get(part);
        weights.put(part, new Weight(part, weight.shape(), offset));
        offset += weight.elements();
      }
      offset = (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return offset;
  }

  private static boolean isWithin(String name) {
    return JOINT.stream()
        .anyMatch(parts -> parts.stream().skip(1).anyMatch(part -> isPart(name, part)));
  }

  /** The weights that lie together from this one on. */
  private static List<String> together(String name, Map<String, Weight> weights) {
    for (List<String> parts : JOINT) {
      String first = parts.get(0);
      if (isPart(name, first)) {
        return parts.stream()
            .map(part -> name.replace(first, part))
            .filter(weights::containsKey)
            .toList();
      }
    }
    return List.of(name);
  }

  private static boolean isPart(String name, String part) {
    return name.contains("." + part + ".");
  }

  /**
   * The weights that lie together from a weight of a layer on, as one matrix.
   *
   * @param first its name
   */
  Weight joint(String first) {
    List<Weight> parts = together(first, weights).stream().map(weights::get).toList();
    long rows = parts.stream().mapToLong(w -> w.shape().get(0)).sum();
    Weight start = parts.get(0);
    return new Weight(first, List.of(rows, start.shape().get(1)), start.offset());
  }

  private static Map<String, List<Long>> shapes(ModelConfig config, boolean gated) {
    long hidden = config.hidden();
    long vocabulary = config.vocabulary();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(Names.EMBEDDING, List.of(vocabulary, hidden));
    for (int layer = 0; layer < config.layers(); layer++) {
      putLayer(shapes, layer, config, gated);
    }
    shapes.put(Names.FINAL_NORM, List.of(hidden));
    if (!config.tied()) {
      shapes.put(Names.HEAD, List.of(vocabulary, hidden));
    }
    return shapes;
  }

  private static void putLayer(
      Map<String, List<Long>> shapes, int layer, ModelConfig config, boolean gated) {
    long hidden = config.hidden();
    long inner = config.feedForward();
    long queries = (long) config.queryHeads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    Map<String, List<Long>> parts = new LinkedHashMap<>();
    parts.put(Names.INPUT_NORM, List.of(hidden));
    parts.put(Names.QUERY, List.of(queries, hidden));
    parts.put(Names.KEY, List.of(keys, hidden));
    parts.put(Names.VALUE, List.of(keys, hidden));
    parts.put(Names.OUTPUT, List.of(hidden, queries));
    if (gated) {
      parts.put(Names.GATES, List.of(3L * config.queryHeads(), hidden));
    }
    parts.put(Names.POST_NORM, List.of(hidden));
    parts.put(Names.MLP_GATE, List.of(inner, hidden));
    parts.put(Names.MLP_UP, List.of(inner, hidden));
    parts.put(Names.MLP_DOWN, List.of(hidden, inner));
    parts.forEach((part, shape) -> shapes.put(Checkpoint.layerWeight(layer, part), shape));
  }

  /** Names of the weights; those of a layer as {@link Checkpoint#layerWeight} takes them. */
  static final class Names {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String FINAL_NORM = "model.norm.weight";
    static final String HEAD = "lm_head.weight";
    static final String INPUT_NORM = "input_layernorm";
    static final String QUERY = "self_attn.q_proj";
    static final String KEY = "self_attn.k_proj";
    static final String VALUE = "self_attn.v_proj";
    static final String OUTPUT = "self_attn.o_proj";
    static final String GATES = "self_attn.g_proj";
    static final String POST_NORM = "post_attention_layernorm";
    static final String MLP_GATE = "mlp.gate_proj";
    static final String MLP_UP = "mlp.up_proj";
    static final String MLP_DOWN = "mlp.down_proj";

    private Names() {}
  }

  /** The vocabulary head: the embedding where the two are tied. */
  String head() {
    return weights.containsKey(Names.HEAD) ? Names.HEAD : Names.EMBEDDING;
  }

  /** Parameters of all weights, the zeros between them not counted. */
  public long parameters() {
    return weights.values().stream().mapToLong(Weight::elements).sum();
  }
}

package org.ssasuite.runtime.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tensors that a model is computed with: names, shapes, roles. Readers, graphs, the trainer and
 * whatever makes weights take them from here.
 *
 * @param tensors by Hugging Face name, in a checkpoint's order
 */
public record ModelLayout(Map<String, Tensor> tensors) {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** Tensors of a layer that have the same input: one product may take them, in this order. */
  public enum Joint {
    /** Queries, keys, values and, if there are any, gates. */
    ATTENTION("self_attn.qkvg_proj"),
    /** The gate, then what it lets through. */
    FEED("mlp.gate_up_proj");

    private final String part;

    Joint(String part) {
      this.part = part;
    }

    /** The name of a layer's tensors as one. */
    public String of(int layer) {
      return of(layer, WEIGHT);
    }

    private String of(int layer, String kind) {
      return layerTensor(layer, part, kind);
    }
  }

  /** What a tensor is for, and what it is called. */
  public enum Role {
    EMBEDDING("model.embed_tokens"),
    INPUT_NORM("input_layernorm"),
    QUERY("self_attn.q_proj", Joint.ATTENTION),
    QUERY_BIAS(QUERY),
    KEY("self_attn.k_proj", Joint.ATTENTION),
    KEY_BIAS(KEY),
    VALUE("self_attn.v_proj", Joint.ATTENTION),
    VALUE_BIAS(VALUE),
    OUTPUT("self_attn.o_proj"),
    OUTPUT_BIAS(OUTPUT),
    GATES("self_attn.g_proj", Joint.ATTENTION),
    /** Queries, keys and values. */
    JOINED_INPUTS("self_attn.qkv_proj"),
    QUERY_NORM("self_attn.q_norm"),
    KEY_NORM("self_attn.k_norm"),
    POST_NORM("post_attention_layernorm"),
    FEED_GATE("mlp.gate_proj", Joint.FEED),
    FEED_GATE_BIAS(FEED_GATE),
    FEED_UP("mlp.up_proj", Joint.FEED),
    FEED_UP_BIAS(FEED_UP),
    /** The gate and what it lets through. */
    JOINED_FEED("mlp.gate_up_proj"),
    FEED_DOWN("mlp.down_proj"),
    FEED_DOWN_BIAS(FEED_DOWN),
    FINAL_NORM("model.norm"),
    HEAD("lm_head");

    private static final Set<Role> NORMS =
        Set.of(INPUT_NORM, QUERY_NORM, KEY_NORM, POST_NORM, FINAL_NORM);

    private final String part;
    private final String kind;
    private final Optional<Joint> joint;

    Role(String part) {
      this.part = part;
      this.kind = WEIGHT;
      this.joint = Optional.empty();
    }

    Role(String part, Joint joint) {
      this.part = part;
      this.kind = WEIGHT;
      this.joint = Optional.of(joint);
    }

    /** What is added to what a matrix gives. */
    Role(Role matrix) {
      this.part = matrix.part;
      this.kind = BIAS;
      this.joint = matrix.joint;
    }

    /** Whether it scales features. */
    public boolean isNorm() {
      return NORMS.contains(this);
    }

    /** Whether it is added to what a matrix gives; what is neither is a matrix. */
    public boolean isBias() {
      return kind.equals(BIAS);
    }

    /** The name of a tensor that is no layer's. */
    public String tensor() {
      return part + kind;
    }

    /** The name of a layer's tensor. */
    public String of(int layer) {
      return layerTensor(layer, part, kind);
    }
  }

  /**
   * One tensor.
   *
   * @param name its Hugging Face name
   * @param shape a matrix's is [out, in]
   * @param layer that it is of; absent of those before and behind the layers
   */
  public record Tensor(String name, List<Long> shape, Role role, OptionalInt layer) {
    public Tensor {
      shape = List.copyOf(shape);
    }

    public long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** The shape as libraries take it. */
    public long[] axes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  public ModelLayout {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The tensors that a config asks for.
   *
   * @param gated whether attention has gates
   */
  public static ModelLayout of(ModelSizes sizes, boolean gated) {
    long hidden = sizes.hidden();
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(tensor(Role.EMBEDDING, sizes.vocabulary(), hidden));
    for (int layer = 0; layer < sizes.layers(); layer++) {
      addLayer(tensors, layer, sizes, gated);
    }
    tensors.add(tensor(Role.FINAL_NORM, hidden));
    if (!sizes.tied()) {
      tensors.add(tensor(Role.HEAD, sizes.vocabulary(), hidden));
    }
    Map<String, Tensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return new ModelLayout(byName);
  }

  private static void addLayer(List<Tensor> tensors, int layer, ModelSizes sizes, boolean gated) {
    long hidden = sizes.hidden();
    long inner = sizes.feedForward();
    long queries = (long) sizes.queryHeads() * sizes.headDim();
    long keys = (long) sizes.kvHeads() * sizes.headDim();
    LayerParts parts = sizes.parts();
    tensors.add(tensor(layer, Role.INPUT_NORM, hidden));
    if (parts.joined()) {
      tensors.add(tensor(layer, Role.JOINED_INPUTS, queries + 2 * keys, hidden));
    } else {
      addMatrix(tensors, layer, Role.QUERY, queries, hidden, parts.inputBias());
      addMatrix(tensors, layer, Role.KEY, keys, hidden, parts.inputBias());
      addMatrix(tensors, layer, Role.VALUE, keys, hidden, parts.inputBias());
    }
    addMatrix(tensors, layer, Role.OUTPUT, hidden, queries, parts.outputBias());
    if (gated) {
      tensors.add(tensor(layer, Role.GATES, 3L * sizes.queryHeads(), hidden));
    }
    if (parts.headNorms()) {
      tensors.add(tensor(layer, Role.QUERY_NORM, sizes.headDim()));
      tensors.add(tensor(layer, Role.KEY_NORM, sizes.headDim()));
    }
    tensors.add(tensor(layer, Role.POST_NORM, hidden));
    if (parts.joined()) {
      tensors.add(tensor(layer, Role.JOINED_FEED, 2 * inner, hidden));
    } else {
      addMatrix(tensors, layer, Role.FEED_GATE, inner, hidden, parts.feedBias());
      addMatrix(tensors, layer, Role.FEED_UP, inner, hidden, parts.feedBias());
    }
    addMatrix(tensors, layer, Role.FEED_DOWN, hidden, inner, parts.feedBias());
  }

  private static void addMatrix(
      List<Tensor> tensors, int layer, Role role, long out, long in, boolean biased) {
    tensors.add(tensor(layer, role, out, in));
    if (biased) {
      tensors.add(tensor(layer, biasOf(role).orElseThrow(), out));
    }
  }

  private static Optional<Role> biasOf(Role matrix) {
    return Arrays.stream(Role.values())
        .filter(role -> role.isBias() && role.part.equals(matrix.part))
        .findFirst();
  }

  private static Tensor tensor(int layer, Role role, long... shape) {
    return new Tensor(role.of(layer), axes(shape), role, OptionalInt.of(layer));
  }

  private static Tensor tensor(Role role, long... shape) {
    return new Tensor(role.tensor(), axes(shape), role, OptionalInt.empty());
  }

  private static List<Long> axes(long... shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  private static String layerTensor(int layer, String part, String kind) {
    return "model.layers." + layer + "." + part + kind;
  }

  public Set<String> names() {
    return tensors.keySet();
  }

  /** Whether attention has gates. */
  public boolean gated() {
    return names().contains(Role.GATES.of(0));
  }

  /** Whether queries and keys are normed head by head. */
  public boolean headNorms() {
    return names().contains(Role.QUERY_NORM.of(0));
  }

  /** Whether queries, keys and values are one matrix's, and the gate and what it lets through. */
  public boolean joined() {
    return names().contains(Role.JOINED_INPUTS.of(0));
  }

  /** The vocabulary head: the embedding where the two are tied. */
  public Tensor head() {
    return tensors.getOrDefault(Role.HEAD.tensor(), get(Role.EMBEDDING));
  }

  /** A tensor that is no layer's and that the model has. */
  public Tensor get(Role role) {
    return get(role.tensor());
  }

  /** A layer's tensor that the model has. */
  public Tensor get(int layer, Role role) {
    return get(role.of(layer));
  }

  /** What is added to what a matrix gives; absent of one that has none. */
  public Optional<Tensor> bias(Tensor matrix) {
    return biasOf(matrix.role()).map(bias -> tensors.get(bias.of(matrix.layer().orElseThrow())));
  }

  /** A tensor that the model has. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no " + name);
    }
    return tensor;
  }

  /** The tensors that one product may take with this one, itself among them, in their order. */
  public List<Tensor> together(Tensor one) {
    if (one.role().joint.isEmpty()) {
      return List.of(one);
    }
    int layer = one.layer().orElseThrow();
    return Arrays.stream(Role.values())
        .filter(role -> role.joint.equals(one.role().joint) && role.kind.equals(one.role().kind))
        .map(role -> role.of(layer))
        .filter(tensors::containsKey)
        .map(tensors::get)
        .toList();
  }

  /** The name of the tensors that one product takes with this one; of one alone, its own. */
  public String jointName(Tensor one) {
    return one.role()
        .joint
        .map(joint -> joint.of(one.layer().orElseThrow(), one.role().kind))
        .orElseGet(one::name);
  }

  /** All numbers of all tensors. */
  public long parameters() {
    return tensors.values().stream().mapToLong(Tensor::elements).reduce(0, Math::addExact);
  }
}

package org.ssasuite.runtime.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tensors that a model is computed with, in a checkpoint's order: names, shapes, roles. */
record ModelLayout(List<Tensor> tensors) {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String FINAL_NORM = "model.norm.weight";
  static final String HEAD = "lm_head.weight";
  static final String GATES = "self_attn.g_proj";

  /** What a tensor is for. */
  enum Role {
    EMBEDDING,
    NORM,
    PROJECTION,
    GATES,
    HEAD
  }

  /**
   * One tensor.
   *
   * @param name its Hugging Face name
   */
  record Tensor(String name, List<Long> shape, Role role) {
    Tensor {
      shape = List.copyOf(shape);
    }
  }

  ModelLayout {
    tensors = List.copyOf(tensors);
  }

  /**
   * The tensors that a config asks for.
   *
   * @param gated whether attention has gates
   */
  static ModelLayout of(ModelConfig config, boolean gated) {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(tensor(EMBEDDING, Role.EMBEDDING, config.vocabulary(), config.hidden()));
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(tensors, layer, config, gated);
    }
    tensors.add(tensor(FINAL_NORM, Role.NORM, config.hidden()));
    if (!config.tied()) {
      tensors.add(tensor(HEAD, Role.HEAD, config.vocabulary(), config.hidden()));
    }
    return new ModelLayout(tensors);
  }

  private static void addLayer(List<Tensor> tensors, int layer, ModelConfig config, boolean gated) {
    long hidden = config.hidden();
    long inner = config.feedForward();
    long queries = (long) config.queryHeads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    tensors.add(part(layer, "input_layernorm", Role.NORM, hidden));
    tensors.add(part(layer, "self_attn.q_proj", Role.PROJECTION, queries, hidden));
    tensors.add(part(layer, "self_attn.k_proj", Role.PROJECTION, keys, hidden));
    tensors.add(part(layer, "self_attn.v_proj", Role.PROJECTION, keys, hidden));
    tensors.add(part(layer, "self_attn.o_proj", Role.PROJECTION, hidden, queries));
    if (gated) {
      tensors.add(part(layer, GATES, Role.GATES, 3L * config.queryHeads(), hidden));
    }
    tensors.add(part(layer, "post_attention_layernorm", Role.NORM, hidden));
    tensors.add(part(layer, "mlp.gate_proj", Role.PROJECTION, inner, hidden));
    tensors.add(part(layer, "mlp.up_proj", Role.PROJECTION, inner, hidden));
    tensors.add(part(layer, "mlp.down_proj", Role.PROJECTION, hidden, inner));
  }

  private static Tensor part(int layer, String part, Role role, long... shape) {
    return tensor(Checkpoint.layerWeight(layer, part), role, shape);
  }

  private static Tensor tensor(String name, Role role, long... shape) {
    return new Tensor(name, Arrays.stream(shape).boxed().toList(), role);
  }

  Set<String> names() {
    return tensors.stream().map(Tensor::name).collect(Collectors.toUnmodifiableSet());
  }
}

package org.ssasuite.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;

/** The tensors of a Llama-type or SSA checkpoint, by their Hugging Face names, in file order. */
record CheckpointShape(List<Tensor> tensors) {
  private static final int MOST_LAYERS = 4096;

  /** A tensor's name and its one or two axes. */
  record Tensor(String name, List<Integer> shape) {
    Tensor {
      shape = List.copyOf(shape);
    }

    long elements() {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
  }

  CheckpointShape {
    tensors = List.copyOf(tensors);
  }

  /**
   * What a config asks for.
   *
   * @throws BadInputException if a size is missing or senseless, or the model is of another kind
   */
  static CheckpointShape of(JsonNode config) {
    if (!config.isObject()) {
      throw bad("is no JSON object");
    }
    boolean gated = isGated(config);
    requireNoBias(config, "attention_bias");
    requireNoBias(config, "mlp_bias");
    int vocabulary = size(config, "vocab_size");
    int width = size(config, "hidden_size");
    int inner = size(config, "intermediate_size");
    int layers = size(config, "num_hidden_layers");
    if (layers > MOST_LAYERS) {
      throw bad("num_hidden_layers is " + layers + ", more than " + MOST_LAYERS);
    }
    int heads = size(config, "num_attention_heads");
    int kvHeads =
        config.hasNonNull("num_key_value_heads") ? size(config, "num_key_value_heads") : heads;
    if (heads % kvHeads != 0) {
      throw bad(
          "num_attention_heads " + heads + " is no multiple of num_key_value_heads " + kvHeads);
    }
    int headDim = headDim(config, width, heads);
    int queries = product("num_attention_heads × head_dim", heads, headDim);
    int keys = product("num_key_value_heads × head_dim", kvHeads, headDim);

    List<Tensor> tensors = new ArrayList<>();
    tensors.add(matrix("model.embed_tokens.weight", vocabulary, width));
    for (int layer = 0; layer < layers; layer++) {
      String at = "model.layers." + layer + ".";
      tensors.add(vector(at + "input_layernorm.weight", width));
      tensors.add(matrix(at + "self_attn.q_proj.weight", queries, width));
      tensors.add(matrix(at + "self_attn.k_proj.weight", keys, width));
      tensors.add(matrix(at + "self_attn.v_proj.weight", keys, width));
      tensors.add(matrix(at + "self_attn.o_proj.weight", width, queries));
      if (gated) {
        tensors.add(
            matrix(
                at + "self_attn.g_proj.weight",
                product("3 × num_attention_heads", 3, heads),
                width));
      }
      tensors.add(vector(at + "post_attention_layernorm.weight", width));
      tensors.add(matrix(at + "mlp.gate_proj.weight", inner, width));
      tensors.add(matrix(at + "mlp.up_proj.weight", inner, width));
      tensors.add(matrix(at + "mlp.down_proj.weight", width, inner));
    }
    tensors.add(vector("model.norm.weight", width));
    if (!flag(config, "tie_word_embeddings")) {
      tensors.add(matrix("lm_head.weight", vocabulary, width));
    }
    CheckpointShape shape = new CheckpointShape(tensors);
    shape.requireAddressable();
    return shape;
  }

  long elements() {
    return tensors.stream().mapToLong(Tensor::elements).sum();
  }

  private void requireAddressable() {
    long bytes = 0;
    try {
      for (Tensor tensor : tensors) {
        bytes = Math.addExact(bytes, Math.multiplyExact(tensor.elements(), Float.BYTES));
      }
    } catch (ArithmeticException e) {
      throw new BadInputException("model config", "its weights pass 2^63 bytes", e);
    }
  }

  private static boolean isGated(JsonNode config) {
    String type = config.path("model_type").asText();
    if (!type.equals("llama") && !type.equals("llama-nsa")) {
      throw bad("model_type is '" + type + "', not llama or llama-nsa");
    }
    return type.equals("llama-nsa");
  }

  private static int headDim(JsonNode config, int width, int heads) {
    if (config.hasNonNull("head_dim")) {
      return size(config, "head_dim");
    }
    if (width % heads != 0) {
      throw bad(
          "without head_dim, hidden_size "
              + width
              + " has to be a multiple of num_attention_heads "
              + heads);
    }
    return width / heads;
  }

  private static void requireNoBias(JsonNode config, String key) {
    if (flag(config, key)) {
      throw bad(key + " is true: models with biases are not known");
    }
  }

  private static boolean flag(JsonNode config, String key) {
    if (!config.hasNonNull(key)) {
      return false;
    }
    if (!config.get(key).isBoolean()) {
      throw bad(key + " is " + config.get(key) + ", neither true nor false");
    }
    return config.get(key).booleanValue();
  }

  private static int size(JsonNode config, String key) {
    if (!config.hasNonNull(key)) {
      throw bad(key + " is missing");
    }
    JsonNode value = config.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw bad(key + " is " + value + ", not a number from 1 to " + Integer.MAX_VALUE);
    }
    return value.intValue();
  }

  private static int product(String name, int a, int b) {
    long product = (long) a * b;
    if (product > Integer.MAX_VALUE) {
      throw bad(name + " is " + product + ", more than " + Integer.MAX_VALUE);
    }
    return (int) product;
  }

  private static Tensor matrix(String name, int rows, int columns) {
    return new Tensor(name, List.of(rows, columns));
  }

  private static Tensor vector(String name, int size) {
    return new Tensor(name, List.of(size));
  }

  private static BadInputException bad(String fact) {
    return new BadInputException("model config", fact);
  }
}

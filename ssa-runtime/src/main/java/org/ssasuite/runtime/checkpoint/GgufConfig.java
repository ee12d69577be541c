package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.gguf.GgufTensor;
import org.ssasuite.runtime.gguf.GgufValue;

/**
 * The metadata of a GGUF file in the words of {@code config.json}. A key of the architecture that
 * is not known and says something is refused by name.
 *
 * <p>Source: {@code gguf-py/gguf/constants.py}, {@code convert_hf_to_gguf.py} and {@code
 * src/llama-model.cpp} of llama.cpp in 2025.
 */
final class GgufConfig {
  static final String WINDOW = "attention.sliding_window";
  static final String EMBEDDING_SCALE = "embedding_scale";
  static final String RESIDUAL_SCALE = "residual_scale";
  static final String LOGIT_SCALE = "logit_scale";
  static final String ATTENTION_SCALE = "attention.scale";

  private static final String WIDTH = "embedding_length";
  private static final String LAYERS = "block_count";
  private static final String FEED = "feed_forward_length";
  private static final String HEADS = "attention.head_count";
  private static final String KV_HEADS = "attention.head_count_kv";
  private static final String KEY_LENGTH = "attention.key_length";
  private static final String VALUE_LENGTH = "attention.value_length";
  private static final String CONTEXT = "context_length";
  private static final String EPSILON = "attention.layer_norm_rms_epsilon";

  /** Of every architecture, without its name; what says nothing of answers among them. */
  private static final Set<String> KEYS =
      Set.of(
          WIDTH,
          LAYERS,
          FEED,
          HEADS,
          KV_HEADS,
          KEY_LENGTH,
          VALUE_LENGTH,
          CONTEXT,
          EPSILON,
          "vocab_size",
          "tensor_data_layout");

  private final GgufFile file;
  private final GgufArchitecture architecture;
  private final ObjectNode config = JsonNodeFactory.instance.objectNode();

  private GgufConfig(GgufFile file, GgufArchitecture architecture) {
    this.file = file;
    this.architecture = architecture;
  }

  /** A {@code config.json} of the same model; rotary factors that lie in a tensor are not in it. */
  static ObjectNode of(GgufFile file, GgufArchitecture architecture) {
    return new GgufConfig(file, architecture).all();
  }

  private ObjectNode all() {
    requireWhole();
    requireKnown();
    config.put("model_type", architecture.text());
    config.put("vocab_size", embedding().shape()[0]);
    long width = size(WIDTH).orElseThrow(() -> missing(WIDTH));
    long heads = size(HEADS).orElseThrow(() -> missing(HEADS));
    config.put("hidden_size", width);
    config.put("num_hidden_layers", size(LAYERS).orElseThrow(() -> missing(LAYERS)));
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", size(KV_HEADS).orElse(heads));
    config.put("intermediate_size", size(FEED).orElseThrow(() -> missing(FEED)));
    config.put("max_position_embeddings", size(CONTEXT).orElseThrow(() -> missing(CONTEXT)));
    config.put("rms_norm_eps", number(EPSILON).orElseThrow(() -> missing(EPSILON)));
    config.put("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
    long headDim = headDim(width, heads);
    config.put("head_dim", headDim);
    new GgufRope(file, architecture).put(config, headDim);
    putParts();
    putTokens();
    return config;
  }

  /** A whole model, in formats of today. */
  private void requireWhole() {
    file.findText("general.type")
        .filter(type -> !type.equals("model"))
        .ifPresent(
            type -> {
              throw file.bad("general.type", "is '" + type + "'; a model is needed");
            });
    file.findWhole("split.count")
        .filter(count -> count > 1)
        .ifPresent(
            count -> {
              throw file.bad(
                  "split.count", "is " + count + ": merge its files (llama-gguf-split --merge)");
            });
    boolean quantised =
        file.tensors().values().stream().anyMatch(tensor -> tensor.format().isQuantised());
    file.findWhole("general.quantization_version")
        .filter(version -> quantised && version != 2)
        .ifPresent(
            version -> {
              throw file.bad("general.quantization_version", "is " + version + "; known is 2");
            });
  }

  private void requireKnown() {
    Set<String> known = new HashSet<>(KEYS);
    known.addAll(GgufRope.KEYS);
    known.addAll(architecture.keys());
    String prefix = architecture.key("");
    file.metadata()
        .forEach(
            (key, value) -> {
              boolean own = key.startsWith(prefix);
              if (own && !known.contains(key.substring(prefix.length())) && saysSomething(value)) {
                throw file.bad(key, "is " + value.text() + ", which is not known here");
              }
            });
  }

  private static boolean saysSomething(GgufValue value) {
    if (value instanceof GgufValue.Whole whole) {
      return whole.number() != 0;
    }
    if (value instanceof GgufValue.Real real) {
      return real.number() != 0;
    }
    return !(value instanceof GgufValue.Flag flag) || flag.value();
  }

  private GgufTensor embedding() {
    GgufTensor embedding = file.tensors().get("token_embd.weight");
    if (embedding == null || embedding.shape().length != 2) {
      throw new BadInputException(file.file(), "has no tensor 'token_embd.weight' of two axes");
    }
    return embedding;
  }

  private long headDim(long width, long heads) {
    Optional<Long> stated = size(KEY_LENGTH);
    if (stated.isEmpty() && width % heads != 0) {
      throw file.bad(architecture.key(HEADS), "is " + heads + " for '" + WIDTH + "' of " + width);
    }
    long headDim = stated.orElse(width / heads);
    size(VALUE_LENGTH)
        .filter(length -> length != headDim)
        .ifPresent(
            length -> {
              throw file.bad(
                  architecture.key(VALUE_LENGTH), "is " + length + " for keys of " + headDim);
            });
    return headDim;
  }

  private void putParts() {
    Set<String> keys = architecture.family().keys();
    putFlag(keys, "attention_bias", "blk.0.attn_q.bias");
    putFlag(keys, "mlp_bias", "blk.0.ffn_gate.bias");
    switch (architecture) {
      case GRANITE -> {
        putScale(EMBEDDING_SCALE, "embedding_multiplier");
        putScale(RESIDUAL_SCALE, "residual_multiplier");
        putScale(LOGIT_SCALE, "logits_scaling");
        putScale(ATTENTION_SCALE, "attention_multiplier");
      }
      case MINICPM -> putMiniCpm();
      case PHI3 ->
          file.findWhole(architecture.key(WINDOW))
              .filter(window -> window > 0)
              .ifPresent(window -> config.put("sliding_window", window));
      default -> {}
    }
  }

  private void putFlag(Set<String> keys, String key, String tensor) {
    if (keys.contains(key)) {
      config.put(key, file.tensors().containsKey(tensor));
    }
  }

  private void putScale(String from, String to) {
    number(from).ifPresent(scale -> config.put(to, scale));
  }

  /** llama.cpp writes what comes of MiniCPM's three numbers; older files have none of them. */
  private void putMiniCpm() {
    double layers = config.path("num_hidden_layers").doubleValue();
    double width = config.path("hidden_size").doubleValue();
    config.put("scale_emb", scale(EMBEDDING_SCALE));
    config.put("scale_depth", scale(RESIDUAL_SCALE) * Math.sqrt(layers));
    config.put("dim_model_base", width / scale(LOGIT_SCALE));
    if (config.path("attention_bias").booleanValue()) {
      throw new BadInputException(
          file.file(), "has biases of queries, whose order llama.cpp does not say for minicpm");
    }
    number(ATTENTION_SCALE)
        .filter(scale -> scale != 0)
        .ifPresent(
            scale -> {
              throw file.bad(
                  architecture.key(ATTENTION_SCALE), "is " + scale + ", which is not known here");
            });
  }

  private double scale(String key) {
    double scale = number(key).orElseThrow(() -> missing(key));
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw file.bad(architecture.key(key), "is " + scale + "; a positive number is needed");
    }
    return scale;
  }

  private void putTokens() {
    GgufTokens.id(file, GgufTokens.BEGIN).ifPresent(id -> config.put("bos_token_id", id));
    GgufTokens.id(file, GgufTokens.END).ifPresent(id -> config.put("eos_token_id", id));
  }

  private RuntimeException missing(String key) {
    return file.bad(architecture.key(key), "is missing");
  }

  private Optional<Double> number(String key) {
    return file.findNumber(architecture.key(key));
  }

  /** A size of all layers: files may state it layer by layer. */
  private Optional<Long> size(String rest) {
    String key = architecture.key(rest);
    Optional<Long> size;
    if (file.find(key).filter(GgufValue.Several.class::isInstance).isPresent()) {
      List<Double> sizes = file.numbers(key);
      if (sizes.stream().distinct().count() != 1) {
        throw file.bad(key, "differs by layer, which is not computed here");
      }
      size = Optional.of(sizes.get(0).longValue());
    } else {
      size = file.findWhole(key);
    }
    size.filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw file.bad(key, "is " + n + "; it must be at least 1");
            });
    return size;
  }
}

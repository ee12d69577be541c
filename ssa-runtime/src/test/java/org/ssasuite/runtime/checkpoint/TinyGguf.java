package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.ssasuite.runtime.gguf.GgufWriter;
import org.ssasuite.runtime.random.RandomCheckpoint;

/**
 * A random checkpoint as llama.cpp's converter writes it: its keys, its names, rows of queries and
 * keys in pairs where it has them so. Written from {@code convert_hf_to_gguf.py}, without the code
 * that reads.
 */
public final class TinyGguf {
  private static final Set<String> PAIRED = Set.of("llama", "granite", "smollm3", "minicpm");

  private TinyGguf() {}

  /** The file of a checkpoint with these random weights, under a name in a folder. */
  public static Path write(JsonNode config, long seed, Path file) {
    Path folder = file.resolveSibling(file.getFileName() + ".folder");
    RandomCheckpoint.write((ObjectNode) config.deepCopy(), seed, folder);
    try {
      return Files.write(file, of(Checkpoint.open(folder)).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A writer with all of a checkpoint in it. */
  public static GgufWriter of(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    String family = config.sizes().family().modelType();
    String architecture = family.startsWith("llama") || family.equals("mistral") ? "llama" : family;
    GgufWriter writer = new GgufWriter().text("general.architecture", architecture);
    putSizes(writer, architecture + ".", config);
    putRope(writer, architecture + ".", config);
    putScales(writer, architecture + ".", config);
    config.beginToken().ifPresent(id -> writer.whole("tokenizer.ggml.bos_token_id", id));
    if (!config.endTokens().isEmpty()) {
      writer.whole("tokenizer.ggml.eos_token_id", config.endTokens().get(0));
    }
    for (ModelLayout.Tensor tensor : checkpoint.layout().tensors().values()) {
      FloatBuffer stored = checkpoint.tensor(tensor.name()).floats();
      float[] values = new float[stored.remaining()];
      stored.get(values);
      writer.tensor(
          name(tensor.name()),
          tensor.axes(),
          PAIRED.contains(architecture) ? paired(tensor.name(), values, config) : values);
    }
    return writer;
  }

  private static void putSizes(GgufWriter writer, String prefix, ModelConfig config) {
    writer
        .whole(prefix + "context_length", config.trainedTokens())
        .whole(prefix + "embedding_length", config.hidden())
        .whole(prefix + "block_count", config.layers())
        .whole(prefix + "feed_forward_length", config.feedForward())
        .whole(prefix + "attention.head_count", config.queryHeads())
        .whole(prefix + "attention.head_count_kv", config.kvHeads())
        .whole(prefix + "attention.key_length", config.headDim())
        .whole(prefix + "attention.value_length", config.headDim())
        .real(prefix + "attention.layer_norm_rms_epsilon", config.normEpsilon())
        .whole(prefix + "vocab_size", config.vocabulary());
    if (config.window().isPresent()) {
      writer.whole(prefix + "attention.sliding_window", config.window().getAsInt());
    }
  }

  private static void putRope(GgufWriter writer, String prefix, ModelConfig config) {
    writer
        .real(prefix + "rope.freq_base", config.ropeTheta())
        .whole(prefix + "rope.dimension_count", config.turnedDim());
    RopeScaling scaling = config.ropeScaling();
    if (scaling instanceof RopeScaling.Linear linear) {
      writer
          .text(prefix + "rope.scaling.type", "linear")
          .real(prefix + "rope.scaling.factor", linear.factor());
    } else if (scaling instanceof RopeScaling.Yarn yarn) {
      writer
          .text(prefix + "rope.scaling.type", "yarn")
          .real(prefix + "rope.scaling.factor", yarn.factor())
          .real(prefix + "rope.scaling.yarn_beta_fast", yarn.fast())
          .real(prefix + "rope.scaling.yarn_beta_slow", yarn.slow())
          .whole(prefix + "rope.scaling.original_context_length", yarn.originalTokens());
    } else if (scaling instanceof RopeScaling.LongRope rope) {
      writer
          .whole(prefix + "rope.scaling.original_context_length", rope.originalTokens())
          .real(prefix + "rope.scaling.attn_factor", rope.amplitude());
      float[] factors = new float[rope.factors().size()];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = rope.factors().get(i).floatValue();
      }
      writer
          .tensor("rope_factors_long.weight", new long[] {factors.length}, factors)
          .tensor("rope_factors_short.weight", new long[] {factors.length}, factors);
    } else if (scaling instanceof RopeScaling.Llama3 llama3) {
      float[] factors = new float[config.turnedDim() / 2];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = (float) llama3Factor(llama3, i, config);
      }
      writer.tensor("rope_freqs.weight", new long[] {factors.length}, factors);
    }
  }

  /** As {@code LlamaModel.generate_extra_tensors} has it. */
  private static double llama3Factor(RopeScaling.Llama3 rope, int pair, ModelConfig config) {
    double wave = 2 * Math.PI * Math.pow(config.ropeTheta(), 2.0 * pair / config.turnedDim());
    if (wave < rope.originalTokens() / rope.highFrequency()) {
      return 1;
    }
    if (wave > rope.originalTokens() / rope.lowFrequency()) {
      return rope.factor();
    }
    double smooth =
        (rope.originalTokens() / wave - rope.lowFrequency())
            / (rope.highFrequency() - rope.lowFrequency());
    return 1 / ((1 - smooth) / rope.factor() + smooth);
  }

  private static void putScales(GgufWriter writer, String prefix, ModelConfig config) {
    Departures departures = config.departures();
    if (List.of("granite.", "minicpm.").contains(prefix)) {
      writer
          .real(prefix + "embedding_scale", departures.embedding())
          .real(prefix + "residual_scale", departures.residual())
          .real(prefix + "logit_scale", departures.logits());
    }
    if (prefix.equals("granite.")) {
      writer.real(prefix + "attention.scale", departures.scores() / Math.sqrt(config.headDim()));
    }
  }

  private static String name(String huggingFace) {
    return huggingFace
        .replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("lm_head", "output")
        .replace("model.layers.", "blk.")
        .replace("input_layernorm", "attn_norm")
        .replace("post_attention_layernorm", "ffn_norm")
        .replace("self_attn.q_norm", "attn_q_norm")
        .replace("self_attn.k_norm", "attn_k_norm")
        .replace("self_attn.qkv_proj", "attn_qkv")
        .replace("self_attn.q_proj", "attn_q")
        .replace("self_attn.k_proj", "attn_k")
        .replace("self_attn.v_proj", "attn_v")
        .replace("self_attn.o_proj", "attn_output")
        .replace("mlp.gate_up_proj", "ffn_up")
        .replace("mlp.gate_proj", "ffn_gate")
        .replace("mlp.up_proj", "ffn_up")
        .replace("mlp.down_proj", "ffn_down");
  }

  /** {@code reshape(heads, 2, D / 2, …).swapaxes(1, 2)} of queries and keys. */
  private static float[] paired(String name, float[] values, ModelConfig config) {
    boolean queries = name.contains(".q_proj.");
    if (!queries && !name.contains(".k_proj.")) {
      return values;
    }
    int heads = queries ? config.queryHeads() : config.kvHeads();
    int half = config.headDim() / 2;
    int width = values.length / (heads * half * 2);
    float[] paired = new float[values.length];
    for (int head = 0; head < heads; head++) {
      for (int side = 0; side < 2; side++) {
        for (int i = 0; i < half; i++) {
          int from = (head * 2 + side) * half + i;
          int to = (head * half + i) * 2 + side;
          System.arraycopy(values, from * width, paired, to * width, width);
        }
      }
    }
    return paired;
  }
}

package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.gguf.BlockFormat;
import org.ssasuite.runtime.gguf.GgufWriter;

/** Reading GGUF files. */
final class GgufReadings {
  private static final String FILE = "model.gguf";
  private static final int WIDTH = 32;
  private static final int FEED = 64;
  private static final int VOCABULARY = 48;

  private GgufReadings() {}

  static List<FuzzedReader> all() {
    Seed models = Seed.oneOf(List.of(GgufSeed.of(model(2)), GgufSeed.of(model(3))));
    Seed tokenizers = Seed.oneOf(List.of(GgufSeed.of(bytePairs()), GgufSeed.of(pieces())));
    return List.of(
        FuzzedReader.alone("gguf", FILE, models, GgufReadings::model),
        FuzzedReader.alone("gguf-tokenizer", FILE, tokenizers, ModelReadings::tokenizer));
  }

  /** Opens the file and reads every number of every weight that the model has. */
  private static void model(Path folder, Path file) {
    Checkpoint checkpoint = Checkpoint.open(file);
    Checkpoint again = Checkpoint.open(folder);
    unless(again.config().equals(checkpoint.config()), "another config the second time");
    unless(
        again.specialTokens().equals(checkpoint.specialTokens()), "other tokens the second time");
    ModelReadings.requireWeights(checkpoint);
  }

  /** A Llama of one layer with a factor for each of its waves, in several formats. */
  private static byte[] model(int version) {
    GgufWriter file =
        new GgufWriter(version)
            .text("general.architecture", "llama")
            .text("general.name", "tiny")
            .whole("general.alignment", 32)
            .whole("llama.context_length", 256)
            .whole("llama.embedding_length", WIDTH)
            .whole("llama.block_count", 1)
            .whole("llama.feed_forward_length", FEED)
            .whole("llama.attention.head_count", 2)
            .whole("llama.attention.head_count_kv", 1)
            .real("llama.attention.layer_norm_rms_epsilon", 1e-5)
            .real("llama.rope.freq_base", 10_000)
            .whole("llama.rope.dimension_count", WIDTH / 2)
            .flag("tokenizer.ggml.add_bos_token", false)
            .whole("tokenizer.ggml.bos_token_id", 1)
            .texts("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>"))
            .wholes("tokenizer.ggml.token_type", List.of(2, 3, 3));
    matrix(file, "token_embd", VOCABULARY, WIDTH, BlockFormat.Q8_0);
    vector(file, "blk.0.attn_norm");
    matrix(file, "blk.0.attn_q", WIDTH, WIDTH, BlockFormat.Q4_0);
    matrix(file, "blk.0.attn_k", WIDTH / 2, WIDTH, BlockFormat.Q4_1);
    matrix(file, "blk.0.attn_v", WIDTH / 2, WIDTH, BlockFormat.F16);
    matrix(file, "blk.0.attn_output", WIDTH, WIDTH, BlockFormat.BF16);
    vector(file, "blk.0.ffn_norm");
    matrix(file, "blk.0.ffn_gate", FEED, WIDTH, BlockFormat.Q5_0);
    matrix(file, "blk.0.ffn_up", FEED, WIDTH, BlockFormat.Q5_1);
    matrix(file, "blk.0.ffn_down", WIDTH, FEED, BlockFormat.F32);
    vector(file, "output_norm");
    return file.tensor("rope_freqs.weight", new long[] {8}, new float[] {1, 1, 1, 1, 2, 3, 4, 4})
        .bytes();
  }

  private static void vector(GgufWriter file, String name) {
    float[] values = new float[WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i / 64f;
    }
    file.tensor(name + ".weight", new long[] {WIDTH}, values);
  }

  /** Bytes that are small numbers in every format. */
  private static void matrix(
      GgufWriter file, String name, int rows, int width, BlockFormat format) {
    byte[] blocks = new byte[Math.toIntExact(format.bytes((long) rows * width))];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = (byte) (7 * i % 48);
    }
    file.tensor(name + ".weight", new long[] {rows, width}, format, blocks);
  }

  private static byte[] bytePairs() {
    List<String> tokens = new ArrayList<>(List.of("<s>", "[x]"));
    List<Integer> types = new ArrayList<>(List.of(3, 4));
    "abcdefghijklmnopqrstuvwxyz0123456789\u0120\u010a.,!?'<>()"
        .chars()
        .forEach(
            c -> {
              tokens.add(String.valueOf((char) c));
              types.add(1);
            });
    tokens.addAll(List.of("he", "ll", "hell", "hello", "\u0120h"));
    types.addAll(List.of(1, 1, 1, 1, 1));
    return new GgufWriter()
        .text("general.architecture", "llama")
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "llama-bpe")
        .whole("tokenizer.ggml.bos_token_id", 0)
        .flag("tokenizer.ggml.add_bos_token", true)
        .texts("tokenizer.ggml.tokens", tokens)
        .wholes("tokenizer.ggml.token_type", types)
        .texts("tokenizer.ggml.merges", List.of("h e", "l l", "he ll", "hell o", "\u0120 h"))
        .bytes();
  }

  private static byte[] pieces() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    for (int i = 0; i < 256; i++) {
      tokens.add("<0x%02X>".formatted(i));
      types.add(6);
    }
    List<String> pieces =
        List.of("\u2581h", "el", "\u2581hel", "lo", "\u2581", "h", "e", "l", "o", "a");
    tokens.addAll(pieces);
    pieces.forEach(piece -> types.add(1));
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      scores.add((double) -i);
    }
    return new GgufWriter()
        .text("general.architecture", "llama")
        .text("tokenizer.ggml.model", "llama")
        .whole("tokenizer.ggml.bos_token_id", 1)
        .whole("tokenizer.ggml.eos_token_id", 2)
        .texts("tokenizer.ggml.tokens", tokens)
        .reals("tokenizer.ggml.scores", scores)
        .wholes("tokenizer.ggml.token_type", types)
        .bytes();
  }
}

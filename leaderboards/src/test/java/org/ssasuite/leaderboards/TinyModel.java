package org.ssasuite.leaderboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkpoint of one small layer with random weights, and a data folder of a few lines. */
public final class TinyModel {
  private static final String CONFIG =
      """
      {"model_type": "llama-nsa", "vocab_size": 4096, "hidden_size": 64, "num_hidden_layers": 1,
       "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 32,
       "intermediate_size": 64, "max_position_embeddings": 256, "rope_theta": 10000.0,
       "rms_norm_eps": 1e-05, "tie_word_embeddings": true, "block_size": 8, "block_counts": 2,
       "window_size": 0, "torch_dtype": "float32", "hidden_act": "silu", "bos_token_id": 1,
       "eos_token_id": 1, "inference_mode": "sparse"}
      """;

  private TinyModel() {}

  /** Writes the model with the miniatures' tokenizer. */
  public static Path write(Path folder) throws IOException {
    Path recipe = Files.writeString(folder.resolve("tiny.json"), CONFIG);
    Path model = folder.resolve("tiny");
    Terminal.Outcome made =
        Terminal.type("model", "random", "--recipe", recipe, "--seed", 3, "--out", model);
    if (made.status() != 0) {
      throw new IllegalStateException(made.err());
    }
    Files.copy(
        Terminal.HOME.models().resolve("ssa-mini/tokenizer.json"), model.resolve("tokenizer.json"));
    return model;
  }

  /** Writes three books and two pages. */
  public static Path data(Path folder) throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("pg19"));
    Files.createDirectories(data.resolve("wikitext2"));
    StringBuilder books = new StringBuilder();
    for (int i = 1; i <= 3; i++) {
      String text = ("The house stood by the river, number " + i + ". ").repeat(10 + i);
      books.append("{\"id\": ").append(i).append(", \"text\": \"").append(text).append("\"}\n");
    }
    Files.writeString(data.resolve("pg19/beginnings.jsonl"), books.toString());
    Files.writeString(
        data.resolve("wikitext2/wiki.test.raw"),
        " \n = One page = \n \n A sentence of it . \n \n = Another = \n \n And one more . \n");
    return data;
  }
}

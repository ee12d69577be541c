package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.TrainSpecFile;

/** Two-layer SSA models of 64 ids, trained for 50 steps by the program in processes of its own. */
abstract class TinyTraining {
  static final int TOKENS = 64;
  static final int VOCABULARY = 64;
  static final int STEPS = 50;
  static final int HELD_ROWS = 2;
  static final long PATIENCE_SECONDS = 240;

  @TempDir static Path folder;
  static Path tokens;
  static Path recipe;
  static Path whole;

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    tokens = folder.resolve("tokens.bin");
    Files.write(tokens, ids());
    recipe = Files.writeString(folder.resolve("recipe.json"), recipe(2e-3));
    whole = folder.resolve("whole");
    assertThat(end(start(whole))).as(Files.readString(folder.resolve("output.txt"))).isZero();
  }

  /** A walk that is regular enough to be learnt. */
  static byte[] ids() {
    ByteBuffer bytes = ByteBuffer.allocate(2 * 6000).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6000; i++) {
      bytes.putShort((short) (i % 97 == 96 ? 1 : 2 + (i * 7 + i / 97 * 3) % (VOCABULARY - 2)));
    }
    return bytes.array();
  }

  static String recipe(double peak) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode tree = (ObjectNode) mapper.readTree(TrainSpecFile.text(Recipes.recipe("ssa-mini")));
    ObjectNode model = (ObjectNode) tree.get("model");
    model.put("vocab_size", VOCABULARY).put("hidden_size", 32).put("num_hidden_layers", 2);
    model.put("head_dim", 32).put("intermediate_size", 48).put("max_position_embeddings", 256);
    ((ObjectNode) tree.get("attention")).put("block_size", 8).put("block_count", 2);
    ((ObjectNode) tree.get("rows")).put("tokens", TOKENS);
    ((ObjectNode) tree.get("batch")).put("rows", 1).put("accumulation", 2).put("steps", STEPS);
    ((ObjectNode) tree.get("schedule")).put("peak_learning_rate", peak).put("warmup_steps", 0);
    tree.put("precision", "fp32").put("checkpoint_every", 10).put("evaluate_every", STEPS);
    return tree.toString();
  }

  static String[] words(Path recipe, Path out) {
    return new String[] {
      "train",
      "--recipe",
      recipe.toString(),
      "--data",
      tokens.toString(),
      "--held-out",
      tokens.toString(),
      "--held-batches",
      String.valueOf(HELD_ROWS),
      "--threads",
      "1",
      "--coverage-every",
      "10",
      "--out",
      out.toString()
    };
  }

  static Process start(Path out) throws IOException {
    return ChildProcess.start(folder.resolve("output.txt"), List.of(), words(recipe, out));
  }

  static int end(Process process) throws Exception {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  static Path last(Path run) {
    return run.resolve("checkpoints").resolve("step-%08d".formatted(STEPS));
  }

  static List<String> lines(Path run) throws IOException {
    Path log = run.resolve("train.csv");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }
}

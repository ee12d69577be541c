package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.data.CorpusFile;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.data.TrainingFiles;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.TrainSpecFile;

/** Reading what a training run is given: its recipe, its tokens, the texts they come from. */
final class TrainReadings {
  private TrainReadings() {}

  /** Written and read again, it is equal. */
  static void recipe(Path folder, Path file) {
    TrainSpec spec = TrainSpecFile.read(file);
    Path again = folder.resolve("again.json");
    try {
      Files.writeString(again, TrainSpecFile.text(spec));
    } catch (IOException e) {
      throw BadInputException.io(again, e);
    }
    unless(TrainSpecFile.read(again).equals(spec), "another recipe after writing");
  }

  /** The shards that {@code data.json} describes: documents of 3 and 8,192 tokens. */
  static Map<String, byte[]> shards() {
    ByteBuffer tokens = ByteBuffer.allocate(2 * 8197).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; tokens.hasRemaining(); i++) {
      tokens.putShort((short) (i == 3 || i == 8196 ? 1 : 2 + i % 4000));
    }
    ByteBuffer documents = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    documents.putInt(3).putInt(8192);
    return Map.of("shard-00000.tokens", tokens.array(), "shard-00000.documents", documents.array());
  }

  /** A row of them is the one that lies there. */
  static void shards(Path folder, Path file) {
    try (TrainingData data = TrainingFiles.open(folder, Recipes.recipe("fullattn-mini"))) {
      unless(data.rows() == 1 && data.distinctTokens() == 8197, "other shards than there are");
      unless(data.batch(0).inputs()[8] == 10, "another token than there is");
    }
  }

  /** As many documents as lines with something in them. */
  static void corpus(Path folder, Path file) {
    long[] last = new long[1];
    new CorpusFile(file, "text")
        .forEach(
            (line, text) -> {
              unless(line.number() > last[0], "line " + line.number() + " after " + last[0]);
              last[0] = line.number();
            });
  }
}

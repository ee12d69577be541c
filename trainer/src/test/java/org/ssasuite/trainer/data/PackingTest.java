package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.trainer.recipe.Packing;
import org.ssasuite.trainer.recipe.RowOrder;

class PackingTest {
  @TempDir Path folder;

  static Stream<JsonNode> released() {
    return Golden.vectors("packing.jsonl", "released").stream();
  }

  static Stream<JsonNode> streams() {
    return Golden.vectors("packing.jsonl", "stream").stream();
  }

  static Stream<JsonNode> shuffles() {
    return Golden.vectors("packing.jsonl", "shuffle").stream();
  }

  private static int[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private static List<int[]> documents(JsonNode vector) {
    List<int[]> documents = new ArrayList<>();
    vector.get("documents").forEach(ids -> documents.add(numbers(ids)));
    return documents;
  }

  private static int[] row(int[] flat, int row, int length) {
    return Arrays.copyOfRange(flat, row * length, (row + 1) * length);
  }

  private static int[] startsOfRow(PackedBatch batch, int row) {
    int from = row * batch.length();
    return Arrays.stream(batch.documentStarts())
        .filter(start -> start >= from && start < from + batch.length())
        .map(start -> start - from)
        .toArray();
  }

  /** The written rows as they lie in the files. */
  private TrainingData inOrder(Packing packing, int length, int rows) {
    return TrainingFiles.open(folder, SmallRows.spec(packing, RowOrder.FILE, length, rows, 0));
  }

  @ParameterizedTest
  @MethodSource("released")
  void releasedPackingIsTheReferences(JsonNode vector) {
    int length = vector.get("length").intValue();
    int rows = vector.get("rows").size();
    SmallRows.write(folder, documents(vector), 40);

    try (TrainingData data = inOrder(Packing.RELEASED, length, rows)) {
      PackedBatch batch = data.batch(0);

      assertThat(data.rows()).isEqualTo(rows);
      for (int r = 0; r < rows; r++) {
        JsonNode row = vector.get("rows").get(r);
        assertThat(row(batch.inputs(), r, length)).isEqualTo(numbers(row.get("inputs")));
        assertThat(row(batch.positions(), r, length)).isEqualTo(numbers(row.get("positions")));
        assertThat(startsOfRow(batch, r)).isEqualTo(numbers(row.get("starts")));
        assertThat(shiftedBack(batch, r)).isEqualTo(numbers(row.get("labels")));
      }
    }
  }

  /** Labels as Hugging Face has them, from targets: one place later, −100 where not rated. */
  private static int[] shiftedBack(PackedBatch batch, int row) {
    int[] labels = new int[batch.length()];
    labels[0] = -100;
    for (int t = 1; t < batch.length(); t++) {
      int at = row * batch.length() + t - 1;
      labels[t] = batch.rated()[at] ? batch.targets()[at] : -100;
    }
    return labels;
  }

  @ParameterizedTest
  @MethodSource("released")
  void lastTokenOfAReleasedRowIsNotRated(JsonNode vector) {
    int length = vector.get("length").intValue();
    SmallRows.write(folder, documents(vector), 1 << 20);

    try (TrainingData data = inOrder(Packing.RELEASED, length, 1)) {
      for (int r = 0; r < data.rows(); r++) {
        assertThat(data.batch(r).rated()[length - 1]).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void streamRowsAreCutAnywhere(JsonNode vector) {
    int length = vector.get("length").intValue();
    int rows = vector.get("rows").size();
    SmallRows.write(folder, documents(vector), 20);

    try (TrainingData data = inOrder(Packing.STREAM, length, rows)) {
      PackedBatch batch = data.batch(0);

      assertThat(data.rows()).isEqualTo(rows);
      assertThat(batch.ratedTokens()).isEqualTo(rows * length);
      for (int r = 0; r < rows; r++) {
        JsonNode row = vector.get("rows").get(r);
        assertThat(row(batch.inputs(), r, length)).isEqualTo(numbers(row.get("inputs")));
        assertThat(row(batch.targets(), r, length)).isEqualTo(numbers(row.get("targets")));
        assertThat(startsOfRow(batch, r)).isEqualTo(numbers(row.get("starts")));
        assertThat(row(batch.positions(), r, length)[length - 1]).isEqualTo(length - 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("released")
  void bareFileGivesWhatItsShardsGive(JsonNode vector) throws IOException {
    int length = vector.get("length").intValue();
    Path shards = Files.createDirectory(folder.resolve("shards"));
    SmallRows.write(shards, documents(vector), 1 << 20);
    Path bare = Files.copy(shards.resolve("shard-00000.tokens"), folder.resolve("tokens.bin"));
    var spec = SmallRows.spec(Packing.RELEASED, RowOrder.SHUFFLED, length, 3, 5);

    try (TrainingData a = TrainingFiles.open(shards, spec);
        TrainingData b = TrainingFiles.open(bare, spec)) {
      assertThat(b.rows()).isEqualTo(a.rows());
      assertThat(b.distinctTokens()).isEqualTo(a.distinctTokens());
      assertThat(b.batch(3).inputs()).isEqualTo(a.batch(3).inputs());
    }
  }

  @ParameterizedTest
  @MethodSource("shuffles")
  void everyEpochIsPythonsShuffle(JsonNode vector) {
    int rows = vector.get("rows").intValue();
    RowSequence sequence = new RowSequence(rows, RowOrder.SHUFFLED, vector.get("seed").longValue());

    for (int epoch = 2; epoch >= 0; epoch--) {
      int[] found = new int[rows];
      for (int i = 0; i < rows; i++) {
        found[i] = sequence.row((long) epoch * rows + i);
      }
      assertThat(found).isEqualTo(numbers(vector.get("epochs").get(epoch)));
    }
  }

  @Test
  void bareParityFileGoesRoundInItsOrder() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * 10).order(ByteOrder.LITTLE_ENDIAN);
    for (int id = 100; id < 110; id++) {
      bytes.putShort((short) id);
    }
    Path file = Files.write(folder.resolve("tokens.bin"), bytes.array());

    try (TrainingData data = TrainingFiles.bare(file, 512, 3, 2)) {
      assertThat(data.rows()).isEqualTo(3);
      assertThat(data.batch(0).inputs()).containsExactly(100, 101, 102, 103, 104, 105);
      assertThat(data.batch(0).targets()).containsExactly(101, 102, 103, 104, 105, 106);
      assertThat(data.batch(0).documentStarts()).containsExactly(0, 3, 6);
      assertThat(data.batch(1).inputs()).containsExactly(106, 107, 108, 100, 101, 102);
    }
  }

  @Test
  void thirtyTwoBitFilesAreReadWhereTheVocabularyNeedsIt() {
    assertThat(TokenWidth.of(65_536)).isEqualTo(TokenWidth.UINT16);
    assertThat(TokenWidth.of(65_537)).isEqualTo(TokenWidth.UINT32);
  }
}

package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.trainer.recipe.Masking;
import org.ssasuite.trainer.recipe.Packing;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.RowOrder;
import org.ssasuite.trainer.recipe.TrainSpec;

/** The miniatures' recipe (4,096 ids, end token 1) with rows of another form, and small shards. */
final class SmallRows {
  static final int END = 1;
  static final int VOCABULARY = 4096;

  private SmallRows() {}

  static TrainSpec spec(Packing packing, RowOrder order, int length, int rows, long seed) {
    TrainSpec mini = Recipes.recipe("fullattn-mini");
    return new TrainSpec(
        mini.model(),
        mini.variant(),
        mini.attention(),
        mini.streams(),
        mini.alignment(),
        new TrainSpec.Rows(length, packing, Masking.NONE, order),
        new TrainSpec.Batch(rows, 1, mini.batch().steps()),
        mini.schedule(),
        mini.optimizer(),
        mini.precision(),
        mini.kernels(),
        seed,
        mini.checkpointEvery(),
        mini.evaluateEvery());
  }

  /** Shards of documents, a manifest beside them. */
  static void write(Path folder, List<int[]> documents, long mostTokensOfAShard) {
    List<ShardManifest.Shard> shards;
    try (ShardWriter writer = new ShardWriter(folder, TokenWidth.UINT16, END, mostTokensOfAShard)) {
      documents.forEach(writer::add);
      shards = writer.finish();
    }
    new ShardManifest(
            ShardManifest.SCHEMA,
            "0".repeat(64),
            VOCABULARY,
            END,
            TokenWidth.UINT16,
            documents.size(),
            documents.stream().mapToLong(ids -> ids.length + 1L).sum(),
            0,
            false,
            0,
            List.of(),
            shards,
            Optional.empty(),
            ShardManifest.digestOf(shards))
        .write(folder);
  }
}

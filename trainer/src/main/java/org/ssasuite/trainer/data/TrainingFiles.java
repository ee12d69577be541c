package org.ssasuite.trainer.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.recipe.ModelShape;
import org.ssasuite.trainer.recipe.Packing;
import org.ssasuite.trainer.recipe.RowOrder;
import org.ssasuite.trainer.recipe.TrainSpec;

/** Opens training data: a folder of shards, or a bare file of token ids. */
public final class TrainingFiles {
  private TrainingFiles() {}

  /**
   * The rows that a specification asks for.
   *
   * @param data a folder that {@code ssa train prepare} made, or a file of ids, uint16 where the
   *     model's vocabulary fits into it, else uint32; there the specification's end token ends
   *     documents
   * @throws BadInputException if the files are missing or were changed, hold ids that the model has
   *     not, end documents with another token, or are shorter than a row
   */
  public static TrainingData open(Path data, TrainSpec spec) {
    ModelShape model = spec.model();
    DocumentStore store =
        Files.isDirectory(data)
            ? shards(data, model)
            : RawTokens.open(
                data,
                TokenWidth.of(model.vocabSize()),
                model.vocabSize(),
                OptionalInt.of(model.eosTokenId()));
    BatchShape shape = new BatchShape(spec.batch().rows(), spec.rows().tokens());
    if (spec.rows().packing() == Packing.STREAM) {
      RowSequence sequence = sequence(data, streamRows(store, shape), spec);
      return new StreamRows(
          store.tokens(), OptionalInt.of(model.eosTokenId()), sequence, shape, store.digest());
    }
    RowTable table = RowTable.of(store.documents(), shape.length());
    RowSequence sequence = sequence(data, table.rows(), spec);
    return new ReleasedRows(store, table, sequence, shape, model.eosTokenId());
  }

  /**
   * Rows of a file of uint16 ids in the file's order, each a document: row r is ids rT to rT + T −
   * 1, predicting the ones behind each.
   *
   * @param vocabulary ids that the model has
   * @param length T
   * @param rows rows of a batch
   * @throws BadInputException if the file is missing, holds larger ids, or is shorter than a row
   */
  public static TrainingData bare(Path file, int vocabulary, int length, int rows) {
    DocumentStore store = RawTokens.open(file, TokenWidth.UINT16, vocabulary, OptionalInt.empty());
    BatchShape shape = new BatchShape(rows, length);
    int count = requireRows(file, streamRows(store, shape), length);
    RowSequence sequence = new RowSequence(count, RowOrder.FILE, 0);
    return new StreamRows(store.tokens(), OptionalInt.empty(), sequence, shape, store.digest());
  }

  private static DocumentStore shards(Path folder, ModelShape model) {
    ShardManifest manifest = ShardManifest.read(folder);
    Path file = folder.resolve(ShardManifest.FILE);
    if (manifest.vocabulary() > model.vocabSize()) {
      throw new BadInputException(
          file,
          "its tokenizer has "
              + manifest.vocabulary()
              + " ids, the model "
              + model.vocabSize()
              + " (vocab_size)");
    }
    if (manifest.endToken() != model.eosTokenId()) {
      throw new BadInputException(
          file,
          "ends documents with token "
              + manifest.endToken()
              + ", the model with "
              + model.eosTokenId()
              + " (eos_token_id)");
    }
    return ShardFolder.open(folder, manifest);
  }

  private static long streamRows(DocumentStore store, BatchShape shape) {
    return StreamRows.rows(store.tokens().tokens(), shape.length());
  }

  private static RowSequence sequence(Path data, long rows, TrainSpec spec) {
    int count = requireRows(data, rows, spec.rows().tokens());
    return new RowSequence(count, spec.rows().order(), spec.seed());
  }

  private static int requireRows(Path data, long rows, int length) {
    if (rows < 1) {
      throw new BadInputException(data, "has no whole row of " + length + " tokens");
    }
    if (rows > Integer.MAX_VALUE) {
      throw new BadInputException(data, "has " + rows + " rows, more than 2^31 − 1");
    }
    return (int) rows;
  }
}

package org.ssasuite.leaderboards.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;

/**
 * What models read under the clock: book text, as keys of random ids are unlike any text's and
 * selections among them unlike any selection. A model without a tokenizer reads random ids.
 */
public final class Prompts {
  private static final long SEED = 42;
  private static final int RANDOM_IDS = 1 << 16;

  private final int[] ids;

  private Prompts(int[] ids) {
    this.ids = ids;
  }

  /** The embedded long texts, one behind the other. */
  public static Prompts of(Checkpoint checkpoint, Home home) {
    if (checkpoint.tokenizerFile().isEmpty()) {
      int vocabulary = checkpoint.config().vocabulary();
      return new Prompts(new Random(SEED).ints(RANDOM_IDS, 0, vocabulary).toArray());
    }
    StringBuilder text = new StringBuilder();
    DataFile.in(home.data().resolve("pg19"), "long.jsonl")
        .forEachJsonLine(line -> text.append(line.text("text")).append('\n'));
    return new Prompts(SsaModel.tokenize(checkpoint, text.toString()));
  }

  /** Prompts that begin at different places; what is longer than the text goes on at its start. */
  public List<int[]> take(int count, int length) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) ids.length * i / count);
      prompts.add(IntStream.range(0, length).map(at -> ids[(from + at) % ids.length]).toArray());
    }
    return prompts;
  }
}

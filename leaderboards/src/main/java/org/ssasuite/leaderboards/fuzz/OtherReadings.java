package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.divergence.ListedPredictions;
import org.ssasuite.leaderboards.op.AttentionParameters;
import org.ssasuite.leaderboards.op.AttentionStatisticsParameters;
import org.ssasuite.leaderboards.text.TokenIds;
import org.ssasuite.runtime.logits.LogitsFile;
import org.ssasuite.runtime.npy.NpyArray;
import org.ssasuite.runtime.npy.NpyFile;

/** Reading arrays and what stands beside them, token ids and texts. */
final class OtherReadings {
  private static final int TOKENS = 8;
  private static final int VOCABULARY = 16;
  private static final int LISTS = 3;

  private OtherReadings() {}

  /** Written again, the data bytes are those at the end of the file. */
  static void npy(Path folder, Path file) {
    NpyArray array = NpyFile.read(file);
    Path again = folder.resolve("again.npy");
    NpyFile.write(again, array);
    NpyArray second = NpyFile.read(again);
    int width = array.descr().equals("<i8") ? 8 : 4;
    byte[] one = DataFile.of(file).bytes();
    byte[] two = DataFile.of(again).bytes();
    int length = array.size() * width;
    boolean same =
        Arrays.equals(one, one.length - length, one.length, two, two.length - length, two.length);
    unless(same && second.shape().equals(array.shape()), "another array after writing");
  }

  /** Every row is that of the file's own bytes: they end it. */
  static void logits(Path folder, Path file) {
    try (LogitsFile logits = LogitsFile.open(file)) {
      byte[] all = DataFile.of(file).bytes();
      float[] row = new float[logits.vocabulary()];
      for (int position = 0; position < logits.rows(); position++) {
        logits.read(position, row);
        for (float logit : row) {
          unless(Float.isFinite(logit), "a logit of " + logit);
        }
      }
      long numbers = (long) logits.rows() * logits.vocabulary();
      unless(numbers * 2 <= all.length, numbers + " logits in " + all.length + " bytes");
    }
  }

  static void lists(Path folder, Path file) {
    List<Integer> best = ListedPredictions.best(file, LISTS, VOCABULARY);
    unless(best.size() == LISTS, best.size() + " positions");
    unless(best.stream().allMatch(id -> id >= 0 && id < VOCABULARY), "ids " + best);
  }

  static void params(Path folder, Path file) {
    AttentionParameters parameters = AttentionParameters.read(file, TOKENS);
    int[] starts = parameters.sequenceStarts();
    unless(starts[0] == 0 && starts[starts.length - 1] == TOKENS, "sequences without ends");
    AttentionMode mode = parameters.mode();
    unless(!mode.text().isEmpty(), "a mode without a name");
    AttentionStatisticsParameters statistics = AttentionStatisticsParameters.read(file);
    unless(
        statistics.queries().from() <= statistics.queries().to(),
        "queries that end before they begin");
  }

  /** The ids once more, by Java's own means. */
  static void ids(Path folder, Path file) {
    int[] ids = TokenIds.read(file, VOCABULARY);
    String text = DataFile.of(file).text();
    int[] again =
        Arrays.stream(text.split("[ \t\n\u000b\f\r]+"))
            .filter(word -> !word.isEmpty())
            .mapToInt(word -> Integer.parseInt(word.replaceFirst("^0+(?=[0-9])", "")))
            .toArray();
    unless(Arrays.equals(ids, again), "other ids than " + again.length + " in the file");
  }

  /** A text that is UTF-8 is the same bytes again. */
  static void text(Path folder, Path file) {
    DataFile data = DataFile.of(file);
    byte[] again = data.text().getBytes(StandardCharsets.UTF_8);
    unless(Arrays.equals(data.bytes(), again), "a text of other bytes than the file");
  }
}

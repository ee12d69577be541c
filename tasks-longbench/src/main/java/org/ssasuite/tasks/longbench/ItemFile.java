package org.ssasuite.tasks.longbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;

/**
 * The records of a data set, from upstream's own file or from one that holds records of all data
 * sets.
 *
 * @param digest of the unpacked content of the file
 */
record ItemFile(List<LongBenchItem> items, String digest) {
  private static final String FOLDER = "longbench/";

  /** The published subset of 237 records; a record's field {@code dataset} says whose it is. */
  private static final String ALL_SETS = FOLDER + "longbench_mini237.jsonl";

  ItemFile {
    items = List.copyOf(items);
  }

  /**
   * Reads a data set.
   *
   * @param extended whether its part of LongBench-E
   * @throws BadInputException for data that is missing, corrupt or empty
   */
  static ItemFile read(Path data, DataSet set, boolean extended) {
    Optional<DataFile> own = find(data, set, extended);
    RecordFiles files =
        own.map(RecordFiles::of)
            .orElseGet(
                () ->
                    HubData.split(
                        data, ownFile(set, extended), published(set, extended), Split.TEST));
    boolean shared = own.filter(ItemFile::isShared).isPresent();
    List<LongBenchItem> items = new ArrayList<>();
    files.forEach(
        line -> {
          if (!shared || line.text("dataset").equals(set.text())) {
            items.add(item(line, set, items.size()));
          }
        });
    if (items.isEmpty()) {
      throw new BadInputException(files.path(), "no record of " + set.text() + " in it");
    }
    return new ItemFile(items, files.digest());
  }

  /** Whether there is a file that may hold a data set. */
  static boolean exists(Path data, HubData hub, DataSet set, boolean extended) {
    return find(data, set, extended).isPresent()
        || hub.find(published(set, extended), Split.TEST).isPresent();
  }

  /** The files of a hub's layout that are read. */
  static List<String> published(HubData hub, DataSet set, boolean extended) {
    String own = ownFile(set, extended);
    return hub.described(
        extended ? List.of(own) : List.of(own, ALL_SETS), published(set, extended), Split.TEST);
  }

  private static PublishedSet published(DataSet set, boolean extended) {
    return PublishedSet.longBench(set.text() + (extended ? "_e" : ""));
  }

  private static Optional<DataFile> find(Path data, DataSet set, boolean extended) {
    Optional<DataFile> own = DataFile.find(data, ownFile(set, extended));
    return extended ? own : own.or(() -> DataFile.find(data, ALL_SETS));
  }

  private static String ownFile(DataSet set, boolean extended) {
    return FOLDER + set.text() + (extended ? "_e" : "") + ".jsonl";
  }

  private static boolean isShared(DataFile file) {
    return file.path().getFileName().toString().startsWith("longbench_mini237.jsonl");
  }

  private static LongBenchItem item(JsonLine line, DataSet set, int number) {
    List<String> answers = line.texts("answers");
    for (String answer : answers) {
      set.scoring()
          .faultOf(answer)
          .ifPresent(
              fault -> {
                throw line.bad("an answer " + fault);
              });
    }
    JsonNode length = line.object().get("length");
    if (length == null || !length.isNumber() || !Double.isFinite(length.doubleValue())) {
      throw line.bad("field 'length' is missing or not a finite number");
    }
    return new LongBenchItem(
        number,
        line.text("input"),
        line.text("context"),
        answers,
        Prediction.classes(line, set),
        length.doubleValue());
  }
}

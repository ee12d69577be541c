package org.ssasuite.tasks.longbench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files in upstream's form, three records for each data set, of nobody's text. */
final class MadeUpData {
  static final int RECORDS = 3;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private MadeUpData() {}

  /** Writes all data sets of v1 and of E; gives the data folder. */
  static Path in(Path folder) {
    for (DataSet set : DataSet.values()) {
      write(folder, set.text(), set);
      if (set.has(DataSet.Trait.EXTENDED)) {
        write(folder, set.text() + "_e", set);
      }
    }
    return folder;
  }

  private static void write(Path folder, String name, DataSet set) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      lines.append(record(set, i)).append('\n');
    }
    try {
      Files.createDirectories(folder.resolve("longbench"));
      Files.writeString(folder.resolve("longbench").resolve(name + ".jsonl"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lengths lie in the three buckets. */
  static ObjectNode record(DataSet set, int number) {
    ObjectNode record = MAPPER.createObjectNode();
    record.put("input", "question " + number + " {context}?");
    record.put("context", "the context of " + set.text() + " " + number);
    record.putArray("answers").add(answer(set, number));
    if (set.scoring() == Scoring.CLASS_SHARE) {
      var classes = record.putArray("all_classes");
      List.of("class 0", "class 1", "class 2", "other").forEach(classes::add);
    } else {
      record.putNull("all_classes");
    }
    record.put("length", 3999 + 4000 * number);
    record.put("dataset", set.text());
    record.put("_id", set.text() + number);
    return record;
  }

  private static String answer(DataSet set, int number) {
    return switch (set.scoring()) {
      case CLASS_SHARE -> "class " + number;
      case COUNT -> Integer.toString(number + 7);
      case RETRIEVAL -> "Paragraph " + (number + 1);
      case RETRIEVAL_ZH -> "段落" + (number + 1);
      case F1_ZH, ROUGE_L_ZH -> "北京的天气第" + number + "天";
      default -> "return answer(" + number + ")";
    };
  }
}

package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.leaderboards.run.config.OptionFile;

/** Reading a run's options, and writing them again as JSON: the second reading has to be equal. */
final class OptionReadings {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OptionReadings() {}

  static List<FuzzedReader> all() {
    return List.of(
        FuzzedReader.alone(
            "options-yaml", "run.yaml", new OptionGrammar(), OptionReadings::options),
        FuzzedReader.alone(
            "options-json",
            "run.json",
            JsonSeed.of("{\"model\": [\"ssa-mini\"], \"tasks\": \"pg19\", \"limit\": 3}"),
            OptionReadings::options));
  }

  private static void options(Path folder, Path file) {
    OptionFile options = OptionFile.read(file);
    ObjectNode tree = JSON.createObjectNode();
    for (OptionFile.Entry entry : options.entries()) {
      if (entry.list()) {
        ArrayNode values = tree.putArray(entry.name());
        entry.values().forEach(values::add);
      } else {
        tree.put(entry.name(), entry.values().get(0));
      }
    }
    Path again = folder.resolve("again.json");
    AtomicFile.write(again, tree.toString());
    unless(OptionFile.read(again).equals(options), "other options after writing");
  }
}

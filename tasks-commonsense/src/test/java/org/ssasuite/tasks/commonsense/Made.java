package org.ssasuite.tasks.commonsense;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.Task;

/** Tasks as the catalogue makes them. */
final class Made {
  private static final Catalogue CATALOGUE = new Catalogue(List.of(new CommonsenseTasks()));

  private static final ObjectMapper JSON = new ObjectMapper();

  private Made() {}

  static List<String> names() {
    return CATALOGUE.offers().stream().map(TaskOffer::name).toList();
  }

  static Supplies supplies(Path data) {
    return Supplies.of(data, data.resolve("cache"));
  }

  static TaskOrder order(String name, int shots, long seed) {
    TaskOrder order = TaskOrder.of(name).withShots(shots).withSeed(seed);
    return CATALOGUE.offer(name).completed(order, supplies(Path.of("data")));
  }

  /** The task, called as in a run that has it alone. */
  static Task<?> task(String name, Path data, int shots, long seed) {
    TaskOrder order = order(name, shots, seed);
    Supplies supplies = supplies(data);
    return CATALOGUE
        .offer(name)
        .make(order, CATALOGUE.variant(order, List.of(order), supplies), supplies);
  }

  static int ownShots(String name) {
    return CATALOGUE
        .offer(name)
        .completed(TaskOrder.of(name), supplies(Path.of("data")))
        .shots()
        .orElseThrow();
  }

  static Stream<String> lines(String name, Path data, int shots, long seed) {
    return CATALOGUE.offer(name).lines(order(name, shots, seed), supplies(data));
  }

  /** Its lines as objects. */
  static Stream<JsonNode> requests(String name, Path data, int shots, long seed) {
    return lines(name, data, shots, seed).map(Made::tree);
  }

  private static JsonNode tree(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a line that is no JSON: " + line, e);
    }
  }

  static List<String> fingerprints(String name, Path data, int shots, long seed) {
    return CATALOGUE.offer(name).fingerprints(order(name, shots, seed), supplies(data));
  }
}

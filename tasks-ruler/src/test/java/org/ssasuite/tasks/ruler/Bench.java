package org.ssasuite.tasks.ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Variant;

/** A data folder with the questions that the check values were made from, and an empty cache. */
final class Bench {
  private static final int HASH_DIGITS = 16;

  private final Path folder;

  Bench(Path folder) {
    this.folder = folder;
    for (String name : List.of("squad.json.xz", "hotpotqa.json.xz")) {
      Path file = folder.resolve("ruler_qa").resolve(name);
      try (InputStream in = Bench.class.getResourceAsStream("/qa/" + name)) {
        Files.createDirectories(file.getParent());
        Files.write(file, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Path cache() {
    return folder.resolve("cache");
  }

  private Supplies supplies() {
    return Supplies.of(folder, cache()).counting(RulerTasks::whitespace);
  }

  static TaskOffer offer(String task) {
    return new RulerTasks().find(task).orElseThrow();
  }

  static TaskOrder order(String version, int length, long seed, int count) {
    return TaskOrder.of("ruler")
        .withLength(length)
        .withSeed(seed)
        .withLimit(count)
        .withOwn(Map.of(RulerTasks.GENERATORS, List.of(version)));
  }

  List<String> lines(String task, TaskOrder order) {
    return offer(task).lines(order, supplies()).toList();
  }

  RulerTask task(String name, TaskOrder order) {
    return (RulerTask) offer(name).make(order, Variant.NONE, supplies());
  }

  static String hash(String text) {
    return Digests.sha256(text).substring(0, HASH_DIGITS);
  }
}

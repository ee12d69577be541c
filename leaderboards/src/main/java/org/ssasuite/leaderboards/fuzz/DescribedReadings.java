package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.leaderboards.task.TaskModules;

/**
 * Tasks from files: a spoilt descriptor beside its rows, and spoilt rows beside their descriptor.
 */
final class DescribedReadings {
  private static final String DESCRIPTOR = "task.json";
  private static final String ROWS = "described-rows.jsonl";

  private DescribedReadings() {}

  static List<FuzzedReader> all() {
    byte[] rows = SeedFile.bytes(ROWS);
    return List.of(
        new FuzzedReader(
            "task-descriptor",
            DESCRIPTOR,
            SeedFile.json("described.json"),
            Map.of("rows.jsonl", rows, "train.jsonl", rows),
            (folder, spoilt) -> DataReadings.requireTask(task(folder))),
        new FuzzedReader(
            "task-rows",
            "rows.jsonl",
            Seed.orPacked(SeedFile.jsonLines(ROWS)),
            Map.of(DESCRIPTOR, SeedFile.bytes("described.json"), "train.jsonl", rows),
            (folder, spoilt) -> {
              Task<?> read = task(folder);
              DataReadings.requireTask(read);
              DataReadings.requireSampleALine(read, spoilt);
            }),
        rows("task-rows-json", "rows.json", SeedFile.json("described-rows.json")),
        rows("task-rows-csv", "rows.csv", new TextSeed(SeedFile.text("described-rows.csv"))));
  }

  /** Questions and answers in another form. */
  private static FuzzedReader rows(String name, String file, Seed seed) {
    String descriptor =
        """
        {"schema": "ssasuite/task/1", "name": "my-asks", "version": 1, "data": "%s",
         "generate": {"prompt": "{question}\\n", "answers": "answer", "metric": "exact",
                      "max_tokens": 8, "shots": {"count": 1}}}
        """
            .formatted(file);
    return new FuzzedReader(
        name,
        file,
        Seed.orPacked(seed),
        Map.of(DESCRIPTOR, descriptor.getBytes(StandardCharsets.UTF_8)),
        (folder, spoilt) -> DataReadings.requireTask(task(folder)));
  }

  /** Made from an order that holds all of it, as a run's spec does. */
  private static Task<?> task(Path folder) {
    Catalogue catalogue = TaskModules.catalogue();
    Supplies supplies = Supplies.of(folder, folder.resolve("cache"));
    TaskOrder asked = TaskOrder.of(folder.resolve(DESCRIPTOR).toString());
    TaskOrder order = catalogue.offer(asked).completed(asked, supplies);
    TaskOffer offer = catalogue.offer(order);
    unless(offer.completed(order, supplies).equals(order), "the order is not complete");
    return offer.make(order, Variant.NONE, supplies);
  }
}

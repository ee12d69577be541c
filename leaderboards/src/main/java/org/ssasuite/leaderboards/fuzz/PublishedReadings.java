package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.task.Task;

/** Reading data sets in the layouts of a hub. */
final class PublishedReadings {
  private PublishedReadings() {}

  static List<FuzzedReader> all() {
    Seed files =
        Seed.oneOf(
            Stream.of("nested", "numbers", "texts", "required", "arc-hub")
                .<Seed>map(name -> new ParquetSeed(SeedFile.bytes(name + ".parquet")))
                .toList());
    return List.of(
        FuzzedReader.alone(
            "parquet", "rows.parquet", files, (folder, spoilt) -> requireRows(spoilt)),
        FuzzedReader.alone(
            "parquet-arc",
            "ai2_arc/ARC-Easy/test-00000-of-00001.parquet",
            new ParquetSeed(SeedFile.bytes("arc-hub.parquet")),
            (folder, spoilt) -> {
              Task<?> read = DataReadings.task(TaskOrder.of("arc_easy").withShots(0), folder);
              DataReadings.requireTask(read);
              unless(
                  read.samples().count() == ParquetFile.open(spoilt).rows(),
                  "not as many samples as rows");
            }),
        FuzzedReader.alone(
            "longbench_v2-hub",
            "LongBench-v2/data.json",
            Seed.orPacked(JsonSeed.of(list("longbench_v2.jsonl"))),
            (folder, spoilt) ->
                DataReadings.requireTask(DataReadings.task(TaskOrder.of("longbench_v2"), folder))));
  }

  private static String list(String lines) {
    return "[" + String.join(", ", SeedFile.text(lines).strip().split("\n", -1)) + "]";
  }

  /** As many rows as it states, of all columns, the same twice. */
  private static void requireRows(Path file) {
    ParquetFile parquet = ParquetFile.open(file);
    long[] seen = new long[2];
    int columns = parquet.columns().size();
    parquet.forEachRow(
        row -> {
          seen[0]++;
          seen[1] = 31 * seen[1] + row.hashCode();
          unless(row.size() == columns, "a row of " + row.size() + " fields");
        });
    unless(seen[0] == parquet.rows(), "not as many rows as it states");
    long[] again = new long[1];
    new RecordFiles(List.of(file), Set.of())
        .forEach(line -> again[0] = 31 * again[0] + line.object().hashCode());
    unless(again[0] == seen[1], "other rows the second time");
  }
}

package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.leaderboards.gate.PerplexityGate;

/** Reading what runs leave, and writing it again: the second reading has to give the same. */
final class RunReadings {
  private static final ModelCard MODEL =
      new ModelCard("ssa-mini", "full", OptionalInt.empty(), Map.of());
  private static final TaskId TASK = new TaskId("commonsense", "piqa@0-shot", 1);

  /** Where a run folder has the samples of this model and task. */
  static final String LOG = "ssa-mini/full/piqa@0-shot/samples.jsonl";

  /** Where it has the statistics of their attention. */
  static final String STATISTICS = "ssa-mini/full/piqa@0-shot/statistics.jsonl";

  /** Where it has their needles. */
  static final String ATTRIBUTION = "ssa-mini/full/piqa@0-shot/attribution.jsonl";

  private RunReadings() {}

  static void results(Path folder, Path file) {
    RunResult result = RunFolder.readResults(folder);
    unless(
        again(folder, run -> write(run, result), RunFolder::readResults).equals(result),
        "another result after writing");
  }

  private static void write(RunFolder run, RunResult result) {
    run.writeManifest(result.manifest());
    run.writeResults(result);
  }

  static void manifest(Path folder, Path file) {
    RunManifest manifest = RunFolder.readManifest(folder);
    unless(
        again(folder, run -> run.writeManifest(manifest), RunFolder::readManifest).equals(manifest),
        "another manifest after writing");
  }

  static void samples(Path folder, Path file) {
    List<SampleRecord> samples = RunFolder.readSamples(folder, MODEL, TASK);
    List<SampleRecord> second =
        again(
            folder,
            run -> {
              try (SampleLog log = run.samples(MODEL, TASK)) {
                samples.forEach(log::append);
              }
            },
            run -> RunFolder.readSamples(run, MODEL, TASK));
    unless(second.equals(samples), "other samples after writing");
  }

  static void statistics(Path folder, Path file) {
    RunReadings.<StatisticsRecord>beside(
        folder,
        file,
        StatisticsLog::forEach,
        RunFolder.statisticsName(MODEL, TASK),
        (run, samples, records) -> {
          try (StatisticsLog log = run.statistics(MODEL, TASK, samples)) {
            records.forEach(log::append);
          }
        });
  }

  static void attribution(Path folder, Path file) {
    RunReadings.<AttributionRecord>beside(
        folder,
        file,
        AttributionLog::forEach,
        RunFolder.attributionName(MODEL, TASK),
        (run, samples, records) -> {
          try (AttributionLog log = run.attribution(MODEL, TASK, samples)) {
            records.forEach(log::append);
          }
        });
  }

  /** Writes records to the log that stands beside the samples'. */
  private interface SideWriter<R> {
    void write(RunFolder run, SampleLog samples, List<R> records);
  }

  private static <R> void beside(
      Path folder,
      Path file,
      BiConsumer<Path, Consumer<R>> reader,
      String name,
      SideWriter<R> writer) {
    List<R> records = all(file, reader);
    List<R> second =
        again(
            folder,
            run -> {
              try (SampleLog samples = run.samples(MODEL, TASK)) {
                writer.write(run, samples, records);
              }
            },
            run -> all(run.resolve(name), reader));
    unless(second.equals(records), "other lines of " + name + " after writing");
  }

  private static <R> List<R> all(Path file, BiConsumer<Path, Consumer<R>> reader) {
    List<R> records = new ArrayList<>();
    reader.accept(file, records::add);
    return records;
  }

  static void baseline(Path folder, Path file) {
    String text = PerplexityGate.rewritten(file);
    Path again = folder.resolve("again.json");
    AtomicFile.write(again, text);
    unless(PerplexityGate.rewritten(again).equals(text), "another baseline after writing");
  }

  private static <T> T again(Path folder, Consumer<RunFolder> write, Function<Path, T> read) {
    Path again = folder.resolve("again");
    try (RunFolder written = RunFolder.create(again)) {
      write.accept(written);
      return read.apply(again);
    } finally {
      CaseFolder.remove(again);
    }
  }
}

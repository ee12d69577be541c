package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.tasks.longbench.LongBenchTasks;
import org.ssasuite.tasks.ruler.RulerTasks;

/** Reading data sets, by making the tasks that are made from them. */
final class DataReadings {
  private static final String PIQA = "piqa";
  private static final String PIQA_FILE = "piqa/valid.jsonl";
  private static final String PIQA_LABELS = "piqa/valid-labels.lst";

  private DataReadings() {}

  /** A file of documents, read by the task of the same name. */
  static FuzzedReader documents(String task, String file, Seed seed) {
    return FuzzedReader.alone(
        task,
        file,
        seed,
        (folder, spoilt) -> {
          Task<?> read = task(TaskOrder.of(task), folder);
          requireTask(read);
          if (file.endsWith(".jsonl")) {
            requireSampleALine(read, spoilt);
          }
        });
  }

  /** The long books of suite extrapolation; which of them are long enough only a model decides. */
  static FuzzedReader longBooks() {
    return FuzzedReader.alone(
        "extrapolation",
        "pg19/long.jsonl",
        Seed.orPacked(SeedFile.jsonLines("pg19.jsonl")),
        (folder, spoilt) -> {
          Supplies supplies = supplies(folder);
          TaskOffer offer = TaskModules.catalogue().offer("extrapolation");
          offer.check(offer.completed(TaskOrder.of(offer.name()), supplies), supplies);
          unless(
              offer.description(supplies).samples() == lines(spoilt), "not as many books as lines");
        });
  }

  /**
   * A file of questions, one a line, read by the task of the same name.
   *
   * @param pool where the shots come from, which stays as it is
   */
  static FuzzedReader questions(String task, String file, String pool, String seed) {
    byte[] labels = SeedFile.bytes("piqa-labels.lst");
    Map<String, byte[]> company =
        task.equals(PIQA)
            ? Map.of(
                pool, SeedFile.bytes(seed), "piqa/train-labels.lst", labels, PIQA_LABELS, labels)
            : Map.of(pool, SeedFile.bytes(seed));
    return new FuzzedReader(
        task,
        file,
        Seed.orPacked(SeedFile.jsonLines(seed)),
        company,
        (folder, spoilt) -> {
          Task<?> read = task(TaskOrder.of(task).withShots(1).withSeed(7), folder);
          requireTask(read);
          requireSampleALine(read, spoilt);
        });
  }

  /** A split of questions as others publish it, without shots. */
  static FuzzedReader published(String task, String file, String seed) {
    return FuzzedReader.alone(
        seed.substring(0, seed.indexOf('.')),
        file,
        Seed.orPacked(SeedFile.jsonLines(seed)),
        (folder, spoilt) -> {
          Task<?> read = task(TaskOrder.of(task).withShots(0), folder);
          requireTask(read);
          requireSampleALine(read, spoilt);
        });
  }

  /** The answers of PIQA, which lie in a file of their own. */
  static FuzzedReader labels() {
    return new FuzzedReader(
        "piqa-labels",
        PIQA_LABELS,
        Seed.orPacked(new TextSeed(SeedFile.text("piqa-labels.lst"))),
        Map.of(PIQA_FILE, SeedFile.bytes("piqa.jsonl")),
        (folder, spoilt) -> requireTask(task(TaskOrder.of(PIQA).withShots(0), folder)));
  }

  /** Items of LongBench, a data set of v1 or the short contexts of v2. */
  static FuzzedReader items(String name, String task, String file, String seed) {
    return FuzzedReader.alone(
        name,
        file,
        Seed.orPacked(SeedFile.jsonLines(seed)),
        (folder, spoilt) -> {
          Task<?> read = task(TaskOrder.of(task), folder);
          requireTask(read);
          requireSampleALine(read, spoilt);
        });
  }

  /** Predictions that someone else made, of LongBench's data set {@code qasper}. */
  static FuzzedReader predictions() {
    return FuzzedReader.alone(
        "predictions",
        "predictions/qasper.jsonl",
        SeedFile.jsonLines("predictions.jsonl"),
        (folder, spoilt) ->
            LongBenchTasks.rescore(
                    spoilt.toAbsolutePath().getParent(), false, LongBenchTasks.CodeSim.DIFFLIB)
                .forEach(
                    score -> unless(score.dataSet().equals("qasper"), "a score of another set")));
  }

  /** What RULER's samples are made of: questions for {@code qa_1}, {@code qa_2}, or essays. */
  static FuzzedReader ruler(String name, String task, String file, String seed) {
    return FuzzedReader.alone(
        name,
        file,
        Seed.orPacked(SeedFile.json(seed)),
        (folder, spoilt) -> {
          TaskOffer offer = TaskModules.catalogue().offer(task);
          String own =
              offer.takes().own().contains(RulerTasks.HAYSTACK)
                  ? RulerTasks.HAYSTACK
                  : RulerTasks.QUESTIONS;
          TaskOrder order = TaskOrder.of(task).withOwn(Map.of(own, List.of(spoilt.toString())));
          offer.check(order, supplies(folder));
        });
  }

  static Task<?> task(TaskOrder order, Path folder) {
    TaskOffer offer = TaskModules.catalogue().offer(order.task());
    Supplies supplies = supplies(folder);
    return offer.make(offer.completed(order, supplies), Variant.NONE, supplies);
  }

  private static Supplies supplies(Path folder) {
    return Supplies.of(folder, folder.resolve("cache"));
  }

  static <S extends Sample> void requireTask(Task<S> task) {
    List<S> samples = task.samples().toList();
    unless(!samples.isEmpty(), "a task without a sample");
    Set<String> ids = new HashSet<>();
    for (S sample : samples) {
      unless(ids.add(sample.id()), "two samples with id " + sample.id());
      unless(!task.requests(sample).isEmpty(), "a sample that asks nothing");
    }
  }

  static void requireSampleALine(Task<?> task, Path file) {
    long lines = lines(file);
    unless(task.samples().count() == lines, "not as many samples as the " + lines + " lines");
  }

  /** Those that are not blank. */
  private static long lines(Path file) {
    byte[] bytes = DataFile.of(file).bytes();
    long lines = 0;
    boolean inside = false;
    for (byte b : bytes) {
      lines += inside && b == '\n' ? 1 : 0;
      inside = b != '\n' && (inside || !(b == ' ' || b == '\t' || b == '\r'));
    }
    return lines + (inside ? 1 : 0);
  }
}

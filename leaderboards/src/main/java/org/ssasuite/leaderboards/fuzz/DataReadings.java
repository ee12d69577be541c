package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.tasks.commonsense.CommonsenseTasks;
import org.ssasuite.tasks.longbench.LongBenchTasks;
import org.ssasuite.tasks.pg19.Pg19Tasks;
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
          requireTask(Pg19Tasks.create(task, folder, OptionalInt.empty()));
          if (file.endsWith(".jsonl")) {
            requireSampleALine(Pg19Tasks.create(task, folder, OptionalInt.empty()), spoilt);
          }
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
          Task<?> read = CommonsenseTasks.create(task, folder, 1, 7);
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
          Task<?> read = CommonsenseTasks.create(task, folder, 0, 7);
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
        (folder, spoilt) -> requireTask(CommonsenseTasks.create(PIQA, folder, 0, 7)));
  }

  /** Items of LongBench, a data set of v1 or the short contexts of v2. */
  static FuzzedReader items(String name, String task, String file, String seed) {
    return FuzzedReader.alone(
        name,
        file,
        Seed.orPacked(SeedFile.jsonLines(seed)),
        (folder, spoilt) -> {
          Task<?> read = LongBenchTasks.create(task, folder, LongBenchTasks.Setting.standard());
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
          boolean essays = task.startsWith("niah");
          RulerTasks.Material material =
              new RulerTasks.Material(
                  folder,
                  essays ? Optional.of(spoilt) : Optional.empty(),
                  essays ? List.of() : List.of(spoilt),
                  folder.resolve("cache"));
          RulerTasks.check(task, material);
        });
  }

  private static <S extends Sample> void requireTask(Task<S> task) {
    List<S> samples = task.samples().toList();
    unless(!samples.isEmpty(), "a task without a sample");
    Set<String> ids = new HashSet<>();
    for (S sample : samples) {
      unless(ids.add(sample.id()), "two samples with id " + sample.id());
      unless(!task.requests(sample).isEmpty(), "a sample that asks nothing");
    }
  }

  private static void requireSampleALine(Task<?> task, Path file) {
    byte[] bytes = DataFile.of(file).bytes();
    long lines = 0;
    boolean inside = false;
    for (byte b : bytes) {
      lines += inside && b == '\n' ? 1 : 0;
      inside = b != '\n' && (inside || !(b == ' ' || b == '\t' || b == '\r'));
    }
    lines += inside ? 1 : 0;
    unless(task.samples().count() == lines, "not as many samples as the " + lines + " lines");
  }
}

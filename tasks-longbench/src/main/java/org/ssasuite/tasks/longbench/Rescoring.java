package org.ssasuite.tasks.longbench;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.longbench.LongBenchTasks.CodeSim;
import org.ssasuite.tasks.longbench.LongBenchTasks.DataSetScore;

/**
 * Scores a folder of prediction files as upstream's program does, to the last decimal.
 *
 * <pre>
 * score of a data set  = round(100 (Σ scores) / n, 2), summed in the order of the lines
 * of a bucket of E     = round(100 mean, 2) with {@link NumpyMean}; absent for an empty bucket
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/eval.py}.
 *
 * <p>Quirks kept: files come in the order in which the file system lists them, every one counts
 * whose name ends in "jsonl", and the classes of a file's last line are those of all its lines.
 */
final class Rescoring {
  private final Path folder;
  private final boolean extended;
  private final CodeSim codeSim;

  Rescoring(Path folder, boolean extended, CodeSim codeSim) {
    this.folder = folder;
    this.extended = extended;
    this.codeSim = codeSim;
  }

  /** A data set's file, read. */
  private record PredictionFile(DataSet set, Scoring scoring, List<Prediction> predictions) {
    /** Those of the last line, as upstream takes them. */
    List<String> classes() {
      return predictions.get(predictions.size() - 1).classes();
    }

    double score(Prediction prediction) {
      return scoring.best(set.scored(prediction.text()), prediction.answers(), classes());
    }
  }

  /** Scores all files, on all processors. */
  List<DataSetScore> scores() {
    List<PredictionFile> files = files().stream().map(this::read).toList();
    List<double[]> scores =
        files.stream().map(file -> new double[file.predictions().size()]).toList();
    record Job(int file, int line) {}
    List<Job> jobs = new ArrayList<>();
    for (int f = 0; f < files.size(); f++) {
      for (int line = 0; line < scores.get(f).length; line++) {
        jobs.add(new Job(f, line));
      }
    }
    jobs.parallelStream()
        .forEach(
            job -> {
              PredictionFile file = files.get(job.file());
              scores.get(job.file())[job.line()] = file.score(file.predictions().get(job.line()));
            });
    return IntStream.range(0, files.size())
        .mapToObj(f -> result(files.get(f), scores.get(f)))
        .toList();
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (file.getFileName().toString().endsWith("jsonl")) {
          files.add(file);
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    } catch (DirectoryIteratorException e) {
      throw BadInputException.io(folder, e.getCause());
    }
    if (files.isEmpty()) {
      throw new BadInputException(folder, "holds no prediction file, as qasper.jsonl");
    }
    return files;
  }

  private PredictionFile read(Path path) {
    String name = path.getFileName().toString().split("\\.", -1)[0];
    DataSet set =
        DataSet.named(name)
            .orElseThrow(
                () ->
                    new BadInputException(
                        path,
                        "'"
                            + name
                            + "' is none of LongBench's data sets: "
                            + Arrays.stream(DataSet.values())
                                .map(DataSet::text)
                                .collect(Collectors.joining(", "))));
    List<Prediction> predictions = new ArrayList<>();
    DataFile.of(path)
        .forEachJsonLine(line -> predictions.add(Prediction.read(line, set, extended)));
    if (predictions.isEmpty()) {
      throw new BadInputException(path, "no prediction in it");
    }
    boolean indel = set.scoring() == Scoring.CODE_SIM && codeSim == CodeSim.INDEL;
    return new PredictionFile(
        set, indel ? Scoring.CODE_SIM_INDEL : set.scoring(), List.copyOf(predictions));
  }

  private DataSetScore result(PredictionFile file, double[] scores) {
    double sum = 0;
    for (double score : scores) {
      sum += score;
    }
    return new DataSetScore(
        file.set().text(),
        file.set().category().text(),
        file.scoring().text(),
        scores.length,
        PythonText.round(100 * sum / scores.length, 2),
        extended ? Optional.of(buckets(file, scores)) : Optional.empty());
  }

  private static Map<String, OptionalDouble> buckets(PredictionFile file, double[] scores) {
    Map<String, OptionalDouble> buckets = new LinkedHashMap<>();
    for (LengthBucket bucket : LengthBucket.values()) {
      double[] own =
          IntStream.range(0, scores.length)
              .filter(
                  i -> LengthBucket.of(file.predictions().get(i).length().orElseThrow()) == bucket)
              .mapToDouble(i -> scores[i])
              .toArray();
      buckets.put(
          bucket.text(),
          own.length == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of(NumpyMean.roundToHundredths(100 * NumpyMean.mean(own))));
    }
    return buckets;
  }
}

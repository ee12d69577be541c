package org.ssasuite.leaderboards.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.Recount;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunPart;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.gate.PerplexityGate;

/**
 * Small runs whose files belong together, by name: a finished one that is too bad to pass a gate,
 * with the baseline that it fails against, and an interrupted one. The same bytes each time.
 */
final class SeedRun {
  /** What the finished run's gate is held against; lies beside the run's own files. */
  static final String BASELINE = "baseline.json";

  static final ModelCard MODEL =
      new ModelCard(
          "ssa-mini",
          "full",
          OptionalInt.of(1024),
          Map.of(
              "device", "cpu",
              "precision", "fp32",
              "rope", "default",
              "shape", "small",
              "sha256:tokenizer.json", Digests.sha256("tokenizer")));

  static final TaskId TASK = new TaskId("pg19", "pg19", 1);

  /** Where a run folder has the samples of this model and task. */
  static final String LOG = "ssa-mini/full/pg19/samples.jsonl";

  /** Where it has the statistics of their attention. */
  static final String STATISTICS = "ssa-mini/full/pg19/statistics.jsonl";

  /** Where it has their needles. */
  static final String ATTRIBUTION = "ssa-mini/full/pg19/attribution.jsonl";

  private static final String DATA = Digests.sha256("data");
  private static final Aggregate AGGREGATE =
      new Aggregate(
          List.of(new MetricRule("word_perplexity", Transform.EXP, MetricRule.Better.LOWER)));
  private static final int SAMPLES = 24;
  private static final int BATCH = 6;
  private static final PlannedRow ROW =
      new PlannedRow(MODEL.name(), MODEL.mode(), TASK, "book/first-1024", DATA, SAMPLES);

  private SeedRun() {}

  static RunManifest manifest() {
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of(MODEL.name()),
            List.of(),
            List.of(MODEL.mode()),
            List.of(TaskOrder.of(TASK.name()).withLength(1024).withLimit(SAMPLES)),
            Optional.empty(),
            Optional.empty(),
            "cpu",
            "fp32",
            BATCH,
            2,
            4096,
            true,
            Optional.of(
                new StatisticsObservation(List.of("sinks", "capture"), List.of("16x16"), false)),
            true,
            Optional.empty(),
            List.of(
                new RunPart(List.of(TASK.name()), List.of(MODEL.name()), List.of(MODEL.mode()))),
            Optional.empty());
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "0.1",
        Optional.of("0123456789ab"),
        new Machine("Linux", "amd64", "a processor", 2, "17"),
        List.of(MODEL),
        Map.of(TASK.name(), DATA),
        Map.of("onnxruntime", "1"),
        List.of(ROW),
        1_700_000_000L);
  }

  /** Values that are so many nats worse, a little more or less in each document. */
  static List<SampleRecord> samples(double worse) {
    List<SampleRecord> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      double value = 3 + Math.sin(i) + worse * (1 + 0.1 * Math.cos(7 * i));
      samples.add(
          new SampleRecord(
              String.valueOf(i),
              "book " + i,
              List.of(Digests.sha256("request " + i)),
              new Scored(List.of(Measure.of("word_perplexity", value, 100 + i)), Optional.empty()),
              OptionalDouble.empty(),
              1024,
              0));
    }
    return samples;
  }

  /** Two layers of two heads, and two buckets of positions. */
  static StatisticsRecord statistics(SampleRecord sample, int number) {
    List<Statistic> statistics = new ArrayList<>();
    for (int key = 0; key < 3; key++) {
      statistics.add(statistic("key_mass_" + key, Optional.empty(), 1023 - key, number + key));
    }
    for (Positions bucket : List.of(new Positions(0, 1024), new Positions(1024, 2048))) {
      statistics.add(statistic("entropy_bits", Optional.of(bucket), 500, 5 + number));
      statistics.add(statistic("captured_16x16", Optional.of(bucket), 500, 9 + number));
    }
    return new StatisticsRecord(
        sample.sample(), sample.document(), new AttentionStatistics(statistics));
  }

  /** Those of the first samples. */
  static List<StatisticsRecord> statistics(List<SampleRecord> samples) {
    return IntStream.range(0, samples.size()).mapToObj(i -> statistics(samples.get(i), i)).toList();
  }

  /** Two layers of two heads: a sample of each class, and one that was right, in turn. */
  static AttributionRecord attribution(SampleRecord sample, int number) {
    double looked = number % 4 == 0 ? 0.001 : 0.25 + number * 0.0123;
    double kept = number % 4 == 1 ? 0.1 * looked : looked;
    SpanMass mass =
        new SpanMass(
            3,
            List.of(List.of(looked, 0.0), List.of(0.002, 0.003)),
            List.of(List.of(looked / 3, 0.0), List.of(0.001, 0.001)),
            Optional.of(List.of(List.of(kept, 0.0), List.of(0.002, 0.003))));
    AttributionRecord record =
        AttributionRecord.of(
            sample.sample(),
            sample.document(),
            List.of(new Needle(new TextSpan(3, 9), number % Needle.TENTHS)),
            List.of(number % 4 == 3),
            List.of(mass));
    return number % 4 == 1 ? record.askedAgain(List.of(number % 8 == 1)) : record;
  }

  /** Those of the first samples. */
  static List<AttributionRecord> attribution(List<SampleRecord> samples) {
    return IntStream.range(0, samples.size())
        .mapToObj(i -> attribution(samples.get(i), i))
        .toList();
  }

  private static Statistic statistic(
      String name, Optional<Positions> positions, int queries, int number) {
    double value = 0.5 + 0.4 * Math.sin(number);
    return new Statistic(
        name, positions, queries, List.of(List.of(value, 0.25), List.of(0.125, value / 3)));
  }

  /** All files of the finished run, and the baseline. */
  static Map<String, byte[]> finished() {
    Map<String, byte[]> files = new TreeMap<>();
    byte[][] baseline = new byte[1][];
    inFolder(
        0,
        true,
        folder -> baseline[0] = PerplexityGate.baselineOf(folder).getBytes(StandardCharsets.UTF_8));
    inFolder(0.3, true, folder -> files.putAll(files(folder)));
    files.put(BASELINE, baseline[0]);
    return files;
  }

  /** All files of the interrupted run. */
  static Map<String, byte[]> interrupted() {
    Map<String, byte[]> files = new TreeMap<>();
    inFolder(0, false, folder -> files.putAll(files(folder)));
    return files;
  }

  /** All files of a run's only shard. */
  static Map<String, byte[]> shard() {
    List<SampleRange> units = new ArrayList<>();
    for (int from = 0; from < SAMPLES; from += BATCH) {
      units.add(new SampleRange(from, from + BATCH));
    }
    Shard all = new Shard(1, 1, List.of(units));
    Map<String, byte[]> files = new TreeMap<>();
    inFolder(
        folder -> {
          write(folder, manifest().with(Optional.of(all)), samples(0), false);
          files.putAll(files(folder));
        });
    return files;
  }

  /** What is done with a folder while it is there. */
  private interface Use {
    void of(Path folder);
  }

  private static void inFolder(double worse, boolean finished, Use use) {
    inFolder(
        folder -> {
          write(folder, manifest(), samples(worse), finished);
          use.of(folder);
        });
  }

  private static void inFolder(Use use) {
    Path folder;
    try {
      folder = Files.createTempDirectory("ssa-fuzz-run-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      use.of(folder);
    } finally {
      CaseFolder.remove(folder);
    }
  }

  private static void write(
      Path folder, RunManifest manifest, List<SampleRecord> samples, boolean finished) {
    try (RunFolder run = RunFolder.open(folder)) {
      run.begin(manifest);
      try (SampleLog log = run.samples(MODEL, TASK);
          StatisticsLog attention = run.statistics(MODEL, TASK, log);
          AttributionLog needles = run.attribution(MODEL, TASK, log)) {
        for (int i = 0; i < samples.size(); i++) {
          attention.append(statistics(samples.get(i), i));
          needles.append(attribution(samples.get(i), i));
          log.append(samples.get(i));
          if (i % BATCH == BATCH - 1) {
            attention.commit();
            needles.commit();
            log.commit(new Work(1, 1024L * BATCH, 0), 0.25);
          }
        }
        if (finished) {
          run.writeResults(
              new RunResult(
                  RunResult.SCHEMA,
                  manifest,
                  List.of(
                      Recount.result(
                          ROW,
                          MODEL,
                          AGGREGATE,
                          samples,
                          log.seal(),
                          attention.result(),
                          needles.result()))));
        }
      }
    }
  }

  private static Map<String, byte[]> files(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.remove(".lock");
    return files;
  }
}

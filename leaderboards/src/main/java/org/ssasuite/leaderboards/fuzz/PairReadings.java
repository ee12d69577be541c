package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.ShardFolder;
import org.ssasuite.core.run.ShardMerge;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.leaderboards.gate.PerplexityGate;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.checkpoint.RunDigests;
import org.ssasuite.trainer.run.TrainingRecord;

/** Files that belong together, of which one is spoilt: they are refused, or nothing has changed. */
final class PairReadings {
  private static final int STEP = 3;
  private static final String CHECKPOINT = "checkpoints/step-00000003/";
  private static final String TRAIN_LOG = "train.csv";

  private PairReadings() {}

  static List<FuzzedReader> all() {
    Map<String, byte[]> finished = SeedRun.finished();
    Map<String, byte[]> interrupted = SeedRun.interrupted();
    Map<String, byte[]> shard = SeedRun.shard();
    Map<String, byte[]> training = training();
    return List.of(
        gated("run-results", "results.json", finished),
        gated("run-manifest", "manifest.json", finished),
        gated("run-samples", SeedRun.LOG, finished),
        gated("run-statistics", SeedRun.STATISTICS, finished),
        gated("run-attribution", SeedRun.ATTRIBUTION, finished),
        gated("run-sums", "SHA256SUMS", finished),
        gated("run-baseline", SeedRun.BASELINE, finished),
        resumed("progress", "progress.jsonl", interrupted),
        resumed("resume-samples", SeedRun.LOG, interrupted),
        resumed("resume-statistics", SeedRun.STATISTICS, interrupted),
        resumed("resume-attribution", SeedRun.ATTRIBUTION, interrupted),
        resumed("resume-manifest", "manifest.json", interrupted),
        merged("shard-progress", "progress.jsonl", shard),
        merged("shard-samples", SeedRun.LOG, shard),
        merged("shard-statistics", SeedRun.STATISTICS, shard),
        merged("shard-attribution", SeedRun.ATTRIBUTION, shard),
        merged("shard-manifest", "manifest.json", shard),
        trained("checkpoint", CHECKPOINT + "checkpoint.json", training),
        trained("checkpoint-optimizer", CHECKPOINT + "optimizer.safetensors", training),
        trained("checkpoint-log", TRAIN_LOG, training),
        trained("checkpoint-recipe", "recipe.json", training),
        trained("checkpoint-manifest", "manifest.json", training));
  }

  private static FuzzedReader reader(
      String name, String file, Map<String, byte[]> files, FuzzedReader.Reading reading) {
    Map<String, byte[]> company = new TreeMap<>(files);
    return new FuzzedReader(name, file, seed(file, company.remove(file)), company, reading);
  }

  private static Seed seed(String file, byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (file.endsWith(".jsonl")) {
      return JsonLinesSeed.of(text);
    }
    if (file.endsWith(".safetensors")) {
      return SafetensorsSeed.of(content);
    }
    return file.endsWith(".json") ? JsonSeed.of(text) : new TextSeed(text);
  }

  /** A run that is too bad for its gate: it does not pass, whatever was done to it. */
  private static FuzzedReader gated(String name, String file, Map<String, byte[]> files) {
    byte[] intact = files.get(file);
    return reader(
        name,
        file,
        files,
        (folder, spoilt) -> {
          unless(
              !PerplexityGate.passes(folder.resolve(SeedRun.BASELINE), folder), "the gate passes");
          // White space says nothing in a baseline, whose digest is of what it says.
          boolean same =
              file.equals(SeedRun.BASELINE)
                  ? PerplexityGate.rewritten(spoilt).equals(text(intact))
                  : Arrays.equals(bytes(spoilt), intact);
          unless(same, "a changed file was taken");
        });
  }

  /** An interrupted run: what it is taken up with is what it had answered. */
  private static FuzzedReader resumed(String name, String file, Map<String, byte[]> files) {
    List<SampleRecord> answered = SeedRun.samples(0);
    return reader(
        name,
        file,
        files,
        (folder, spoilt) -> {
          try (RunFolder run = RunFolder.open(folder)) {
            run.begin(SeedRun.manifest());
            try (SampleLog log = run.samples(SeedRun.MODEL, SeedRun.TASK)) {
              run.statistics(SeedRun.MODEL, SeedRun.TASK, log).close();
              run.attribution(SeedRun.MODEL, SeedRun.TASK, log).close();
            }
          }
          List<StatisticsRecord> seen = new ArrayList<>();
          StatisticsLog.forEach(folder.resolve(SeedRun.STATISTICS), seen::add);
          List<AttributionRecord> needles = new ArrayList<>();
          AttributionLog.forEach(folder.resolve(SeedRun.ATTRIBUTION), needles::add);
          List<SampleRecord> kept = RunFolder.readSamples(folder, SeedRun.MODEL, SeedRun.TASK);
          boolean begins =
              kept.size() <= answered.size() && kept.equals(answered.subList(0, kept.size()));
          unless(begins, "other samples than were answered");
          unless(seen.equals(SeedRun.statistics(kept)), "other statistics than were seen");
          unless(needles.equals(SeedRun.attribution(kept)), "other needles than were seen");
        });
  }

  /** A shard that is all of its run: what it is merged to are its very logs. */
  private static FuzzedReader merged(String name, String file, Map<String, byte[]> files) {
    return reader(
        name,
        file,
        files,
        (folder, spoilt) -> {
          Path out = folder.resolve("merged");
          try (ShardFolder shard = ShardFolder.open(folder)) {
            ShardMerge merge = ShardMerge.of(List.of(shard));
            try (RunFolder run = RunFolder.open(out)) {
              // What an earlier case left there would be taken for this one's.
              run.clear(List.of());
              run.begin(merge.manifest());
              merge.gather(run);
            }
          }
          for (String log : List.of(SeedRun.LOG, SeedRun.STATISTICS, SeedRun.ATTRIBUTION)) {
            unless(Arrays.equals(bytes(out.resolve(log)), files.get(log)), "another " + log);
          }
        });
  }

  /** A training run with a checkpoint: it goes on from what was saved there, or not at all. */
  private static FuzzedReader trained(String name, String file, Map<String, byte[]> files) {
    byte[] intact = files.get(file);
    return reader(
        name,
        file,
        files,
        (folder, spoilt) -> {
          Optional<Saved> saved = new TrainingRecord(folder).newest();
          unless(saved.isPresent() && saved.get().step() == STEP, "another checkpoint: " + saved);
          boolean log = file.equals(TRAIN_LOG);
          // What comes behind the checkpoint's step is trained again.
          boolean same =
              log
                  ? lines(text(bytes(spoilt))).equals(lines(text(intact)))
                  : file.endsWith("checkpoint.json") || Arrays.equals(bytes(spoilt), intact);
          unless(same, "a changed file was taken");
        });
  }

  private static List<String> lines(String text) {
    return Arrays.stream(text.split("\n", -1)).limit(STEP + 1L).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static Map<String, byte[]> training() {
    Map<String, byte[]> files = new TreeMap<>();
    StringBuilder log = new StringBuilder(TrainingRecord.LOG_HEADER).append('\n');
    for (int step = 1; step <= STEP; step++) {
      log.append(step + "," + 96 * step + ",full,4." + step + ",0,0.1,1,,,,,,9,," + step + "\n");
    }
    String behind = "4,384,full,3.8,0,0.1,1,,,,,,9,,4\n";
    files.put(TRAIN_LOG, (log + behind).getBytes(StandardCharsets.UTF_8));
    files.put("recipe.json", SeedFile.bytes("train-recipe.json"));
    files.put("manifest.json", SeedFile.bytes("manifest.json"));
    files.put(CHECKPOINT + "config.json", SeedFile.bytes("config.json"));
    files.put(CHECKPOINT + "optimizer.safetensors", SeedFile.optimizer(STEP));
    RunDigests run =
        new RunDigests(
            Digests.sha256(files.get("recipe.json")),
            Digests.sha256(files.get("manifest.json")),
            Digests.sha256(log.toString()));
    Map<String, String> digests = new TreeMap<>();
    for (String name : List.of("config.json", "optimizer.safetensors")) {
      digests.put(name, Digests.sha256(files.get(CHECKPOINT + name)));
    }
    files.put(
        CHECKPOINT + "checkpoint.json",
        CheckpointStore.manifest(STEP, run, digests).getBytes(StandardCharsets.UTF_8));
    return files;
  }
}

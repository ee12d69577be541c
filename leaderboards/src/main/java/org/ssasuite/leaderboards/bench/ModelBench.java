package org.ssasuite.leaderboards.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.leaderboards.program.ProcessMemory;
import org.ssasuite.runtime.SpeedTrial;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.speed.NodeTimes;

/**
 * Measures one model. All modes of a length and batch are timed in turn on one session, so that a
 * machine that slows down slows all of them; memory and the operators' times come from a process of
 * its own per row.
 */
final class ModelBench {
  /** Two runs of the standard chunk: enough for every buffer and thread to be there. */
  private static final int WARM_UP_TOKENS = 8_192;

  private final BenchPlan plan;
  private final BenchPlan.Subject subject;
  private final Prompts prompts;
  private final ReadingProcess process;

  ModelBench(BenchPlan plan, BenchPlan.Subject subject, Prompts prompts, ReadingProcess process) {
    this.plan = plan;
    this.subject = subject;
    this.prompts = prompts;
    this.process = process;
  }

  List<SpeedRow> rows(int length, int batch) {
    List<int[]> texts = prompts.take(batch, length);
    List<ColdReading> cold =
        subject.modes().stream()
            .map(mode -> process.read(plan.engine(), subject, mode, length, batch))
            .toList();
    List<List<Long>> first = lists();
    List<List<Long>> steps = lists();
    try (SpeedTrial trial = open(plan, subject, Optional.empty())) {
      subject.modes().forEach(mode -> trial.read(beginnings(texts), mode, plan.newTokens()));
      for (int i = 0; i < plan.repeats(); i++) {
        for (int m = 0; m < subject.modes().size(); m++) {
          SpeedTrial.Reading reading = trial.read(texts, subject.modes().get(m), plan.newTokens());
          first.get(m).add(reading.firstTokenNanos());
          steps.get(m).addAll(reading.stepNanos());
        }
      }
    }
    List<SpeedRow> rows = new ArrayList<>();
    for (int m = 0; m < subject.modes().size(); m++) {
      SpeedRow.Case what = new SpeedRow.Case(subject, subject.modes().get(m), length, batch);
      rows.add(
          new SpeedRow(what, new Timings(first.get(m)), new Timings(steps.get(m)), cold.get(m)));
    }
    return rows;
  }

  private static List<int[]> beginnings(List<int[]> texts) {
    return texts.stream()
        .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, WARM_UP_TOKENS)))
        .toList();
  }

  private List<List<Long>> lists() {
    return subject.modes().stream().map(mode -> (List<Long>) new ArrayList<Long>()).toList();
  }

  private static SpeedTrial open(
      BenchPlan plan, BenchPlan.Subject subject, Optional<Path> profile) {
    return SpeedTrial.open(
        subject.checkpoint(), plan.engine().options(), plan.engine().scheduling(), profile);
  }

  /** What the process of a row does: the plan holds that row alone. */
  static ColdReading coldReading(BenchPlan plan, Prompts prompts) {
    BenchPlan.Subject subject = plan.subjects().get(0);
    AttentionMode mode = subject.modes().get(0);
    List<int[]> texts = prompts.take(plan.batches().get(0), plan.lengths().get(0));
    Path folder = temporaryFolder();
    boolean cuda = plan.engine().options().device() == Device.CUDA;
    long free = cuda ? PagePool.cudaDevice().freeBytes() : 0;
    Optional<Path> profile = cuda ? Optional.empty() : Optional.of(folder.resolve("nodes"));
    try (SpeedTrial trial = open(plan, subject, profile)) {
      Optional<ProcessMemory> memory = ProcessMemory.find();
      // What the tokenizer left on the Java heap would hide what the reading needs.
      System.gc();
      long idle = memory.map(ModelBench::reset).orElse(0L);
      trial.read(texts, mode, 1);
      OptionalLong over =
          memory.map(m -> OptionalLong.of(peak(m) - idle)).orElse(OptionalLong.empty());
      OptionalLong device =
          cuda ? OptionalLong.of(free - PagePool.cudaDevice().freeBytes()) : OptionalLong.empty();
      NodeTimes times = cuda ? new NodeTimes(Map.of()) : trial.endProfile();
      return new ColdReading(over, device, trial.cache(), times);
    } finally {
      delete(folder);
    }
  }

  private static long reset(ProcessMemory memory) {
    try {
      return memory.reset();
    } catch (IOException e) {
      throw new BadInputException("this process's memory", e.getMessage(), e);
    }
  }

  private static long peak(ProcessMemory memory) {
    try {
      return memory.peak();
    } catch (IOException e) {
      throw new BadInputException("this process's memory", e.getMessage(), e);
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("ssa-bench");
    } catch (IOException e) {
      throw BadInputException.io(Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }
}

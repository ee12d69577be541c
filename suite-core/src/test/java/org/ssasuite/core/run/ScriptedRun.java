package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.LikeToys;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

/** A toy task answered by a scripted model, its samples logged into a folder. */
abstract class ScriptedRun {
  @TempDir Path folder;

  TaskResult run(Task<?> task, LanguageModel model) {
    return run(task, model, OptionalInt.empty(), 2, Progress.silent());
  }

  TaskResult run(
      Task<?> task, LanguageModel model, OptionalInt limit, int batch, Progress progress) {
    try (SampleLog samples = SampleLog.create(log())) {
      return TaskRunner.run(task, model, limit, batch, samples, progress);
    }
  }

  Path log() {
    return folder.resolve("samples.jsonl");
  }

  List<JsonNode> lines() {
    List<JsonNode> lines = new ArrayList<>();
    DataFile.of(log()).forEachJsonLine(line -> lines.add(line.object()));
    return lines;
  }

  static LanguageModel doubling() {
    return answering(n -> Integer.toString(2 * n));
  }

  /** Answers "2 * n =" by a function of n; each prompt has 7 tokens of which 2 are cut. */
  static LanguageModel answering(Function<Integer, String> answer) {
    return new ScriptedModel(
        request -> {
          String prompt = ((Generate) request).prompt();
          int number = Integer.parseInt(prompt.strip().replaceAll("^2 \\* | =$", ""));
          return new Generation(answer.apply(number), 1, new ContextFit(7, 5), Optional.empty());
        });
  }

  static Score scored(Measure... measures) {
    return new Scored(List.of(measures), Optional.empty());
  }

  static Task<ToySample> scoring(Function<ToySample, Score> scorer) {
    return new ScoringTask(scorer);
  }

  /** The toy task with another scorer and the metric m alone. */
  private record ScoringTask(Function<ToySample, Score> scorer) implements LikeToys {
    @Override
    public ToyTask toys() {
      return ToyTask.of(1);
    }

    @Override
    public Score score(ToySample sample, List<Response> responses) {
      return scorer.apply(sample);
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(
          List.of(new MetricRule("m", Transform.IDENTITY, MetricRule.Better.HIGHER)));
    }
  }
}

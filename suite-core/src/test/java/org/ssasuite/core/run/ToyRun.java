package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.testing.ToyTask;

/** The run of a toy task and a scripted model, in a folder of its own. */
abstract class ToyRun {
  static final ToyTask TASK = ToyTask.of(6);

  @TempDir Path parent;

  RunResult evaluate(LanguageModel model) {
    return evaluate(model, folder());
  }

  static RunResult evaluate(LanguageModel model, Path folder) {
    try (RunFolder run = RunFolder.create(folder)) {
      run.writeManifest(manifest());
      TaskResult result;
      try (SampleLog log = run.samples(model.card(), TASK.id())) {
        result = TaskRunner.run(TASK, model, OptionalInt.empty(), 2, log, Progress.silent());
      }
      RunResult all = new RunResult(RunResult.SCHEMA, manifest(), List.of(result));
      run.writeResults(all);
      return all;
    }
  }

  static LanguageModel doubling() {
    return new ScriptedModel(
        card(),
        Set.of(),
        request -> {
          int number =
              Integer.parseInt(((Generate) request).prompt().replaceAll("^2 \\* | =$", ""));
          return new Generation("" + 2 * number, 1, ContextFit.whole(7), Optional.empty());
        });
  }

  static ModelCard card() {
    return new ModelCard(
        "mini/one", "sparse:16x16", OptionalInt.of(1024), Map.of("precision", "fp32"));
  }

  static RunManifest manifest() {
    return new RunManifest(
        RunManifest.SCHEMA,
        new RunSpec(
            "custom",
            List.of("mini/one"),
            List.of("sparse:16x16"),
            List.of(
                TaskOrder.of("doubling")
                    .withLength(1024)
                    .withShots(0)
                    .withSeed(Long.MAX_VALUE)
                    .withLimit(5)
                    .withOwn(Map.of("version", List.of("one")))),
            Optional.of("llama3:4"),
            Optional.empty(),
            "cpu",
            "fp32",
            2,
            1,
            512,
            false,
            Optional.empty(),
            false),
        "0.1.0",
        Optional.of("0123abc+dirty"),
        Machine.current(),
        List.of(card()),
        Map.of("doubling", "00"),
        Map.of("Grüße 😀 \ud800", "1"),
        List.of(new PlannedRow("mini/one", "sparse:16x16", TASK.id(), TASK.protocol(), "00", 6)),
        1_700_000_000L);
  }

  Path folder() {
    return parent.resolve("run");
  }

  JsonNode json(String file) throws IOException {
    return parse(Files.readString(folder().resolve(file)));
  }

  static JsonNode parse(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}

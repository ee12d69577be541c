package org.ssasuite.core.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** The example that docs/adding-a-task.md shows is the module that is tested here. */
class CapitalTasksTest {
  private static final Path ROOT = Path.of(System.getProperty("ssa.root"));
  private static final Catalogue CATALOGUE = new Catalogue(List.of(new CapitalTasks()));

  @TempDir Path data;

  @BeforeEach
  void writeData() throws IOException {
    Files.createDirectories(data.resolve("capitals"));
    Files.writeString(
        data.resolve("capitals/all.jsonl"),
        """
        {"country": "France", "capital": "Paris"}
        {"country": "Peru", "capital": "Lima"}
        """);
  }

  private Task<?> task() {
    Supplies supplies = Supplies.of(data, data.resolve("cache"));
    TaskOrder order =
        CATALOGUE.orders(List.of(TaskOrder.of("capitals")), Wishes.none(), supplies).get(0);
    TaskOffer offer = CATALOGUE.offer(order);
    return offer.make(order, Variant.NONE, supplies);
  }

  private double found(LanguageModel model) {
    Task<?> task = task();
    RunFolder run = RunFolder.create(data.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent())
          .metrics()
          .get(0)
          .value();
    }
  }

  @Test
  void oracleFindsAll() {
    OracleModel oracle =
        new OracleModel(
            List.of(
                new OracleModel.Answer("The capital of France is", " Paris."),
                new OracleModel.Answer("The capital of Peru is", " lima")));

    assertThat(found(oracle)).isEqualTo(100);
  }

  @Test
  void silenceFindsNone() {
    assertThat(found(new SilentModel())).isZero();
  }

  @Test
  void missingDataAreNamed() throws IOException {
    Files.delete(data.resolve("capitals/all.jsonl"));

    assertThatThrownBy(this::task)
        .isInstanceOf(BadInputException.class)
        .hasMessage(data.resolve("capitals/all.jsonl") + ": no such file, packed or not");
  }

  /** Blocks of Java in the document, in their order, are the whole class. */
  @Test
  void theDocumentShowsThisModule() throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("suite-core/src/test/java/org/ssasuite/core/example/CapitalTasks.java"));
    String body = source.substring(source.indexOf("public final class"));
    List<String> blocks = new ArrayList<>();
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/adding-a-task.md")));
    while (block.find()) {
      blocks.add(block.group(1).stripTrailing());
    }

    assertThat(String.join("\n\n", blocks)).isEqualTo(body.stripTrailing());
  }
}

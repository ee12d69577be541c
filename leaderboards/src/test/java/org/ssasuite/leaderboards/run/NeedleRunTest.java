package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.run.AttributionLog;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/** {@code ssa run --observe needle}. */
class NeedleRunTest {
  private static final List<String> ROWS =
      List.of("ssa-mini/full/niah_single_1/", "ssa-mini/sparse-8x4/niah_single_1/");

  @TempDir static Path folder;
  private static Path seen;
  private static String printed;

  @BeforeAll
  static void evaluate() {
    seen = folder.resolve("seen");
    Outcome outcome =
        run(seen, "--observe", "needle", "--batch", 1, "--threads", 1, "--chunk", 100);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    printed = outcome.out();
  }

  private static Outcome run(Path out, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("run", "--model", "ssa-mini", "--modes", "full,sparse:8x4", "--out", out));
    words.addAll(List.of("--tasks", "niah_single_1", "--lengths", 1024, "--limit", 2));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  @Test
  void scoresAreThoseOfARunThatNobodyWatches() {
    Path plain = folder.resolve("plain");
    Outcome outcome = run(plain);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String row : ROWS) {
      assertThat(seen.resolve(row + "samples.jsonl"))
          .hasSameBinaryContentAs(plain.resolve(row + "samples.jsonl"));
      assertThat(plain.resolve(row + "attribution.jsonl")).doesNotExist();
    }
    assertThat(outcome.out()).doesNotContain("Never looked");
  }

  @Test
  void batchThreadsChunksAndOtherObservationsChangeNoBit() {
    Path other = folder.resolve("other");
    Outcome outcome = run(other, "--observe", "sinks,needle", "--batch", 32, "--threads", 2);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String row : ROWS) {
      assertThat(other.resolve(row + "attribution.jsonl"))
          .hasSameBinaryContentAs(seen.resolve(row + "attribution.jsonl"));
    }
    assertThat(outcome.out()).contains("Where attention goes").contains("Never looked");
  }

  @Test
  void verifyCountsThemAgain() {
    Outcome outcome = Terminal.type("verify", seen);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out()).doesNotContain("not checked");
  }

  @Test
  void itsTablesArePrinted() {
    assertThat(printed)
        .contains("| Never looked | Selection lost it | Looked |")
        .contains("Retrieval heads")
        .contains("Mass on needles by depth")
        .contains("Mass on needles by layer");
  }

  @Test
  void everyFailedSampleIsInOneClass() throws IOException {
    JsonNode results = new ObjectMapper().readTree(seen.resolve("results.json").toFile());

    assertThat(results.required("results")).hasSize(2);
    for (JsonNode row : results.required("results")) {
      JsonNode figures = row.required("attribution").required("figures");
      int classes =
          figures.required("never_looked").asInt()
              + figures.required("selection_lost").asInt()
              + figures.required("looked").asInt();
      assertThat(figures.required("samples").asInt()).isEqualTo(2);
      assertThat(figures.required("right").asInt() + classes).isEqualTo(2);
      assertThat(figures.required("mass").required("layers")).hasSize(6);
    }
  }

  @Test
  void fullAttentionLosesNothing() {
    List<AttributionRecord> records = new ArrayList<>();
    AttributionLog.forEach(seen.resolve(ROWS.get(0) + "attribution.jsonl"), records::add);

    assertThat(records)
        .hasSize(2)
        .allSatisfy(
            record -> {
              assertThat(record.failure()).isNotEqualTo(Optional.of(FailureClass.SELECTION_LOST));
              assertThat(record.needles().get(0).attended()).isEmpty();
            });
  }

  @Test
  void passagesAreNeedlesToo() {
    Path passages = folder.resolve("passages");
    List<Object> words =
        List.of(
            "run",
            "--model",
            "ssa-mini",
            "--modes",
            "sparse:16x2",
            "--out",
            passages,
            "--tasks",
            "pd_passage_retrieval",
            "--limit",
            1,
            "--observe",
            "needle");
    Outcome outcome = Terminal.type(words.toArray());
    List<AttributionRecord> records = new ArrayList<>();

    assertThat(outcome.status()).as(outcome.err()).isZero();
    AttributionLog.forEach(
        passages.resolve("ssa-mini/sparse-16x2/pd_passage_retrieval/attribution.jsonl"),
        records::add);
    assertThat(records).hasSize(1);
    assertThat(records.get(0).needles()).hasSize(1);
  }

  @Test
  void needlesAreLookedForOnACpuOnly() {
    RunRequest asked =
        new RunRequest(
            Optional.empty(),
            List.of("ssa-mini"),
            List.of(),
            List.of(),
            AskedTasks.tasks(List.of("niah_single_1")),
            Wishes.none(),
            Optional.empty(),
            Optional.empty(),
            1,
            UserHome.cache(),
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Home home = new Home(Path.of(System.getProperty("ssa.root")), Optional.empty());
    Engine onCuda =
        new Engine(
            new RuntimeOptions(1, Device.CUDA, Precision.FP32, Isa.AUTO),
            new Scheduling(100, false));

    assertThatThrownBy(() -> new Planner(home).plan(asked, onCuda))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--observe needle: masses on needles are told, and their blocks forced, on the CPU"
                + " only");
  }

  @Test
  void needlesHaveNoBudgets() {
    Outcome outcome = run(folder.resolve("refused"), "--observe", "needle", "--budgets", "16x16");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--budgets: goes with --observe sinks, capture or error");
    assertThat(outcome.err().lines()).hasSize(1);
  }
}

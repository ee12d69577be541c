package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.task.RulerOptions;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.Scheduling;

class PlannerTest {
  private static final Home HOME =
      new Home(Path.of(System.getProperty("ssa.root")), Optional.empty());

  private static RunPlan plan(RunRequest request) {
    return new Planner(HOME)
        .plan(request, new Engine(RuntimeOptions.cpu(1), new Scheduling(100, false)));
  }

  private static RunRequest request(
      Optional<Preset> preset, List<String> models, List<String> tasks, List<Integer> lengths) {
    return new RunRequest(
        preset,
        models,
        List.of(),
        tasks,
        Optional.empty(),
        lengths,
        OptionalInt.empty(),
        List.of(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        RulerOptions.standard());
  }

  private static List<String> tasks(RunPlan plan) {
    return plan.models().get(0).tasks().stream()
        .map(
            task ->
                task.task().id().name()
                    + (task.limit().isPresent() ? " " + task.limit().getAsInt() : ""))
        .toList();
  }

  @Test
  void nothingAskedForIsTheQuickPresetOfFourteenRows() {
    RunPlan plan = plan(request(Optional.empty(), List.of(), List.of(), List.of()));

    assertThat(plan.spec().preset()).isEqualTo("quick");
    assertThat(tasks(plan)).containsExactly("pg19 20", "wikitext2-head");
    assertThat(plan.rows()).isEqualTo(14);
  }

  @Test
  void fullPresetHasTheTasksAtTheirOwnSizes() {
    RunPlan plan = plan(request(Optional.of(Preset.FULL), List.of(), List.of(), List.of()));

    assertThat(tasks(plan)).containsExactly("pg19 60", "pg19-long 8", "wikitext2");
    assertThat(plan.rows()).isEqualTo(21);
  }

  @Test
  void embeddedModelsRunInTheModesThatTheyHave() {
    RunPlan plan = plan(request(Optional.empty(), List.of(), List.of(), List.of()));

    assertThat(plan.models())
        .extracting(model -> model.checkpoint().name() + " " + model.modes().size())
        .containsExactly("fullattn-mini 2", "moba-mini 2", "nsa-mini 1", "ssa-mini 2");
  }

  @Test
  void namedTaskHasItsOwnSize() {
    RunPlan plan = plan(request(Optional.empty(), List.of("ssa-mini"), List.of("pg19"), List.of()));

    assertThat(plan.spec().preset()).isEqualTo("custom");
    assertThat(tasks(plan)).containsExactly("pg19");
  }

  @Test
  void namedTaskOfANamedPresetHasThePresetsSize() {
    RunPlan plan =
        plan(request(Optional.of(Preset.QUICK), List.of("ssa-mini"), List.of("pg19"), List.of()));

    assertThat(tasks(plan)).containsExactly("pg19 20");
  }

  @Test
  void everyTaskRunsAtEveryLength() {
    RunPlan plan =
        plan(
            request(
                Optional.empty(),
                List.of("ssa-mini"),
                List.of("pg19", "wikitext2-head"),
                List.of(4096, 8192)));

    assertThat(tasks(plan))
        .containsExactly("pg19@4096", "pg19@8192", "wikitext2-head@4096", "wikitext2-head@8192");
  }

  @Test
  void suiteIsAllItsTasks() {
    RunRequest suite =
        new RunRequest(
            Optional.empty(),
            List.of("nsa-mini"),
            List.of(),
            List.of(),
            Optional.of("pg19"),
            List.of(),
            OptionalInt.empty(),
            List.of(),
            OptionalInt.of(2),
            Optional.empty(),
            Optional.empty(),
            1,
            RulerOptions.standard());

    assertThat(tasks(plan(suite)))
        .containsExactly("pg19 2", "pg19-long 2", "wikitext2 2", "wikitext2-head 2");
  }

  private static RunRequest choices(
      List<String> tasks, Optional<String> suite, OptionalInt shots, List<Long> seeds) {
    return new RunRequest(
        Optional.empty(),
        List.of("nsa-mini"),
        List.of(),
        tasks,
        suite,
        List.of(),
        shots,
        seeds,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        RulerOptions.standard());
  }

  @Test
  void choiceTaskRunsOncePerSeed() {
    RunPlan plan =
        plan(
            choices(
                List.of("pg19", "piqa"), Optional.empty(), OptionalInt.of(2), List.of(1L, 12L)));

    assertThat(tasks(plan)).containsExactly("pg19", "piqa@2-shot@seed-1", "piqa@2-shot@seed-12");
    assertThat(plan.spec().seeds()).containsExactly(1L, 12L);
    assertThat(plan.spec().shots()).hasValue(2);
  }

  @Test
  void choiceTaskWithoutShotsRunsOnceForAllSeeds() {
    RunPlan plan =
        plan(
            choices(
                List.of("winogrande", "arc_easy"),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(1L, 12L)));

    assertThat(tasks(plan)).containsExactly("winogrande", "arc_easy@seed-1", "arc_easy@seed-12");
  }

  @Test
  void seedThatNobodyAsksForIsStated() {
    RunPlan plan = plan(choices(List.of("piqa"), Optional.empty(), OptionalInt.empty(), List.of()));

    assertThat(plan.spec().seeds()).containsExactly(1234L);
  }

  @Test
  void schedulingIsStated() {
    RunPlan plan = plan(request(Optional.empty(), List.of("ssa-mini"), List.of(), List.of()));

    assertThat(plan.spec().chunk()).isEqualTo(100);
    assertThat(plan.spec().sharing()).isFalse();
  }

  @Test
  void commonsenseHasTheHellaSwagThatTheDataAllow() {
    Optional<String> suite = Optional.of("commonsense");

    assertThat(tasks(plan(choices(List.of(), suite, OptionalInt.empty(), List.of()))))
        .containsExactly("piqa", "hellaswag-valshots", "arc_easy", "arc_challenge", "winogrande");
    assertThat(tasks(plan(choices(List.of(), suite, OptionalInt.of(0), List.of()))))
        .containsExactly(
            "piqa@0-shot",
            "hellaswag@0-shot",
            "arc_easy@0-shot",
            "arc_challenge@0-shot",
            "winogrande");
  }

  @Test
  void lengthsAreNumbersOrKibi() {
    assertThat(Length.parse("4k")).isEqualTo(4096);
    assertThat(Length.parse("100")).isEqualTo(100);
  }

  @Test
  void aSpecComesBackFromTheRequestThatItIsTurnedInto() {
    List<RunRequest> requests =
        List.of(
            request(Optional.empty(), List.of(), List.of(), List.of()),
            request(Optional.of(Preset.FULL), List.of("ssa-mini"), List.of(), List.of()),
            request(Optional.of(Preset.FULL), List.of(), List.of("pg19"), List.of()),
            request(Optional.of(Preset.QUICK), List.of(), List.of(), List.of(64)),
            request(Optional.empty(), List.of("moba-mini"), List.of("pg19"), List.of(64, 128)),
            request(Optional.empty(), List.of(), List.of("wikitext2", "piqa"), List.of()));
    for (RunRequest request : requests) {
      RunPlan plan = plan(request);
      RunPlan again = plan(RunRequest.of(plan.spec()));
      assertThat(again.spec()).isEqualTo(plan.spec());
      assertThat(tasks(again)).isEqualTo(tasks(plan));
    }
  }

  @Test
  void aSpecWithShotsAndSeedsComesBackToo() {
    RunRequest request =
        new RunRequest(
            Optional.empty(),
            List.of("ssa-mini"),
            List.of("full"),
            List.of(),
            Optional.of("commonsense"),
            List.of(),
            OptionalInt.of(2),
            List.of(1L, 12L),
            OptionalInt.of(5),
            Optional.of("llama3:4"),
            Optional.empty(),
            3,
            RulerOptions.standard());
    RunPlan plan = plan(request);
    RunPlan again = plan(RunRequest.of(plan.spec()));
    assertThat(again.spec()).isEqualTo(plan.spec());
    assertThat(tasks(again)).isEqualTo(tasks(plan));
  }
}

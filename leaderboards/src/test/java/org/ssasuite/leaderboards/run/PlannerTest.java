package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

class PlannerTest {
  private static final Home HOME =
      new Home(Path.of(System.getProperty("ssa.root")), Optional.empty());

  private static RunPlan plan(RunRequest request) {
    return new Planner(HOME)
        .plan(request, new Engine(RuntimeOptions.cpu(1), new Scheduling(100, false)));
  }

  private static RunRequest request(
      Optional<Preset> preset, List<String> models, List<String> tasks, List<Integer> lengths) {
    Wishes wishes =
        new Wishes(lengths, OptionalInt.empty(), List.of(), OptionalInt.empty(), Map.of());
    return request(preset, models, tasks, Optional.empty(), wishes);
  }

  private static RunRequest request(
      Optional<Preset> preset,
      List<String> models,
      List<String> tasks,
      Optional<String> suite,
      Wishes wishes) {
    return new RunRequest(
        preset,
        models,
        List.of(),
        tasks,
        suite,
        wishes,
        Optional.empty(),
        Optional.empty(),
        1,
        UserHome.cache());
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
  void withoutAPresetItIsTheStandardOneOfFourteenRows() {
    RunPlan plan = plan(request(Optional.empty(), List.of(), List.of(), List.of()));

    assertThat(plan.spec().preset()).isEqualTo("standard");
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
  void extrapolationPresetsReachTo32kWithThePapersRopeScalingAndWithout() {
    for (Preset preset : List.of(Preset.EXTRAPOLATION_32K, Preset.EXTRAPOLATION_32K_ROPE4)) {
      RunSpec spec =
          plan(request(Optional.of(preset), List.of("ssa-mini"), List.of(), List.of())).spec();

      assertThat(spec.preset()).isEqualTo(preset.text());
      assertThat(spec.rope()).contains(preset == Preset.EXTRAPOLATION_32K ? "default" : "llama3:4");
      assertThat(spec.tasks())
          .extracting(order -> order.task() + " " + order.own().get("lengths"))
          .containsExactly(
              "extrapolation [256, 512, 1024, 2048, 4096, 8192, 16384, 32768]",
              "extrapolation-pass [256, 512, 1024, 2048, 4096, 8192, 16384, 32768]");
    }
  }

  @Test
  void ropeThatTheUserSaysIsTakenBeforeThePresets() {
    RunRequest asked =
        new RunRequest(
            Optional.of(Preset.EXTRAPOLATION_32K_ROPE4),
            List.of("ssa-mini"),
            List.of(),
            List.of(),
            Optional.empty(),
            Wishes.none(),
            Optional.of("llama3:2"),
            Optional.empty(),
            1,
            UserHome.cache());

    assertThat(asked.ropeText()).contains("llama3:2");
  }

  @Test
  void embeddedModelsRunInTheModesThatTheyHave() {
    RunPlan plan = plan(request(Optional.empty(), List.of(), List.of(), List.of()));

    assertThat(plan.models())
        .extracting(model -> model.model().name() + " " + model.modes().size())
        .containsExactly("fullattn-mini 2", "moba-mini 2", "nsa-mini 1", "ssa-mini 2");
  }

  @Test
  void aBudgetOfMoreBlocksThanCudaSelectsIsRefusedThereOnly() {
    RunRequest asked =
        new RunRequest(
            Optional.empty(),
            List.of("ssa-mini"),
            List.of(),
            List.of(),
            AskedTasks.tasks(List.of("pg19")),
            Wishes.none(),
            Optional.empty(),
            Optional.empty(),
            1,
            UserHome.cache(),
            Optional.of(new StatisticsObservation(List.of("capture"), List.of("16x513"), false)),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    RuntimeOptions onCuda = new RuntimeOptions(1, Device.CUDA, Precision.FP32, Isa.AUTO);

    assertThat(plan(asked).spec().observe()).isPresent();
    assertThatThrownBy(
            () -> new Planner(HOME).plan(asked, new Engine(onCuda, new Scheduling(100, false))))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--device cuda: budget 16x513: up to 512 blocks");
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
        plan(
            request(Optional.of(Preset.STANDARD), List.of("ssa-mini"), List.of("pg19"), List.of()));

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
        request(
            Optional.empty(),
            List.of("nsa-mini"),
            List.of(),
            Optional.of("pg19"),
            Wishes.none().withLimit(OptionalInt.of(2)));

    assertThat(tasks(plan(suite)))
        .containsExactly("pg19 2", "pg19-long 2", "wikitext2 2", "wikitext2-head 2");
  }

  private static RunRequest choices(
      List<String> tasks, Optional<String> suite, OptionalInt shots, List<Long> seeds) {
    Wishes wishes = new Wishes(List.of(), shots, seeds, OptionalInt.empty(), Map.of());
    return request(Optional.empty(), List.of("nsa-mini"), tasks, suite, wishes);
  }

  @Test
  void choiceTaskRunsOncePerSeed() {
    RunPlan plan =
        plan(
            choices(
                List.of("pg19", "piqa"), Optional.empty(), OptionalInt.of(2), List.of(1L, 12L)));

    assertThat(tasks(plan)).containsExactly("pg19", "piqa@2-shot@seed-1", "piqa@2-shot@seed-12");
    assertThat(plan.spec().tasks())
        .containsExactly(
            TaskOrder.of("pg19").withLength(8192),
            TaskOrder.of("piqa").withShots(2).withSeed(1),
            TaskOrder.of("piqa").withShots(2).withSeed(12));
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

    assertThat(plan.spec().tasks())
        .containsExactly(TaskOrder.of("piqa").withShots(3).withSeed(1234));
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
  void everyTaskOfAMixHasWhatItTakes() {
    Wishes wishes =
        new Wishes(
            List.of(512, 1024), OptionalInt.of(1), List.of(1L, 12L), OptionalInt.of(1), Map.of());
    RunPlan plan =
        plan(
            request(
                Optional.empty(),
                List.of("ssa-mini"),
                List.of("pg19", "piqa", "niah_single_1"),
                Optional.empty(),
                wishes));

    assertThat(tasks(plan))
        .containsExactly(
            "pg19@512 1",
            "pg19@1024 1",
            "piqa@1-shot@seed-1 1",
            "piqa@1-shot@seed-12 1",
            "niah_single_1@512@seed-1 1",
            "niah_single_1@512@seed-12 1",
            "niah_single_1@1024@seed-1 1",
            "niah_single_1@1024@seed-12 1");
    assertThat(plan.notes())
        .containsExactly(
            "--lengths says nothing to piqa",
            "--shots says nothing to pg19, niah_single_1",
            "--seeds says nothing to pg19");
  }

  @Test
  void aPresetsOwnLengthAmongThoseAskedForIsOneRow() {
    RunPlan plan =
        plan(
            request(
                Optional.of(Preset.STANDARD),
                List.of("ssa-mini"),
                List.of("pg19"),
                List.of(8192, 8192)));

    assertThat(tasks(plan)).containsExactly("pg19 20");
  }

  @Test
  void aSpecIsPlannedAgainAsItWas() {
    Wishes drawn =
        new Wishes(List.of(), OptionalInt.of(2), List.of(1L, 12L), OptionalInt.of(5), Map.of());
    Wishes mixed =
        new Wishes(List.of(700), OptionalInt.empty(), List.of(7L), OptionalInt.of(2), Map.of());
    List<RunRequest> requests =
        List.of(
            request(Optional.empty(), List.of(), List.of(), List.of()),
            request(Optional.of(Preset.FULL), List.of("ssa-mini"), List.of(), List.of()),
            request(Optional.of(Preset.FULL), List.of(), List.of("pg19"), List.of()),
            request(Optional.of(Preset.STANDARD), List.of(), List.of(), List.of(64)),
            request(Optional.empty(), List.of("moba-mini"), List.of("pg19"), List.of(64, 128)),
            request(Optional.empty(), List.of(), List.of("wikitext2", "piqa"), List.of()),
            request(
                Optional.empty(),
                List.of("ssa-mini"),
                List.of(),
                Optional.of("commonsense"),
                drawn),
            request(
                Optional.empty(),
                List.of("ssa-mini", "nsa-mini"),
                List.of("piqa", "niah_single_1", "pd_passage_count"),
                Optional.empty(),
                mixed));
    for (RunRequest request : requests) {
      RunPlan plan = plan(request);
      RunPlan again = new Planner(HOME).plan(plan.spec(), plan.engine());
      assertThat(again.spec()).isEqualTo(plan.spec());
      assertThat(tasks(again)).isEqualTo(tasks(plan));
    }
  }

  @Test
  void aSpecOfNamesAloneIsNotPlannedAgain() {
    RunSpec spec = plan(request(Optional.empty(), List.of(), List.of(), List.of())).spec();
    RunSpec ofNames =
        new RunSpec(
            spec.preset(),
            spec.models(),
            spec.modes(),
            List.of(TaskOrder.of("pg19")),
            spec.rope(),
            spec.data(),
            spec.device(),
            spec.precision(),
            spec.batch(),
            spec.threads(),
            spec.chunk(),
            spec.sharing(),
            Optional.empty(),
            false);

    assertThatThrownBy(
            () ->
                new Planner(HOME)
                    .plan(ofNames, new Engine(RuntimeOptions.cpu(1), new Scheduling(100, false))))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("task pg19: is not stated with all that it takes");
  }

  @Test
  void aFileThatChangesWhileARunIsPlannedIsRefused() {
    TaskOrder before = TaskOrder.of("mine").withOwn(Map.of("data_sha256", List.of("a")));
    TaskOrder now = TaskOrder.of("mine").withOwn(Map.of("data_sha256", List.of("b")));

    assertThatThrownBy(() -> Planner.requireSame(List.of(before), List.of(now)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task mine: is made from files that changed while they were read");
  }
}

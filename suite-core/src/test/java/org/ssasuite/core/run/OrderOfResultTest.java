package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;
import org.ssasuite.core.testing.MadeUpResult;
import org.ssasuite.core.testing.MadeUpRun;

class OrderOfResultTest {
  private static final TaskOrder SHORT = TaskOrder.of("vt").withLength(4096).withSeed(42);
  private static final TaskOrder LONG = TaskOrder.of("vt").withLength(8192).withSeed(42);

  private static TaskId vt(OptionalInt length, OptionalLong seed) {
    return new TaskId("ruler", "vt", new Variant(length, OptionalInt.empty(), seed), 1);
  }

  private static RunResult run(List<TaskOrder> orders, TaskId... ids) {
    RunManifest manifest = MadeUpRun.manifest(RunManifest.FIRST_SCHEMA, orders);
    List<TaskResult> results =
        List.of(ids).stream().map(id -> MadeUpResult.of(id).result()).toList();
    return new RunResult(RunResult.FIRST_SCHEMA, manifest, results);
  }

  @Test
  void loneTaskIsThatOfItsOrder() {
    TaskId id = vt(OptionalInt.empty(), OptionalLong.empty());

    assertThat(run(List.of(SHORT), id).order(id)).contains(SHORT);
  }

  @Test
  void lengthsAreToldApart() {
    TaskId first = vt(OptionalInt.of(4096), OptionalLong.empty());
    TaskId second = vt(OptionalInt.of(8192), OptionalLong.empty());
    RunResult run = run(List.of(SHORT, LONG), first, second);

    assertThat(run.order(first)).contains(SHORT);
    assertThat(run.order(second)).contains(LONG);
  }

  @Test
  void aSeedThatIsShownIsNotThatOfTheTaskWithItsOwn() {
    TaskOrder other = SHORT.withSeed(12);
    TaskId own = vt(OptionalInt.empty(), OptionalLong.empty());
    TaskId seeded = vt(OptionalInt.empty(), OptionalLong.of(12));
    RunResult run = run(List.of(other, SHORT), seeded, own);

    assertThat(run.order(own)).contains(SHORT);
    assertThat(run.order(seeded)).contains(other);
  }

  @Test
  void aNameThatShowedMoreThanItselfHasNone() {
    TaskId before = new TaskId("ruler", "vt@4096", 1);

    assertThat(run(List.of(TaskOrder.of("vt")), before).order(before)).isEmpty();
  }
}

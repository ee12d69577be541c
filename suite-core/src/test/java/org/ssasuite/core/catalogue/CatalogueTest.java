package org.ssasuite.core.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;
import org.ssasuite.core.testing.ToyTask;

class CatalogueTest {
  private static final Supplies SUPPLIES = Supplies.of(Path.of("data"), Path.of("cache"));

  private static final Takes LENGTH = new Takes(true, false, true, false, Set.of("version"));
  private static final Takes SHOTS = new Takes(false, true, true, false, Set.of());

  private static final Takes LENGTHS = new Takes(false, false, false, false, Set.of(Takes.LENGTHS));

  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              new Toys("toys", List.of(new Toy("long", LENGTH), new Toy("longer", LENGTH))),
              new Toys("quizzes", List.of(new Toy("quiz", SHOTS)))));

  private record Toys(String suite, List<TaskOffer> offers) implements TaskModule {
    @Override
    public List<String> suites() {
      return List.of(suite);
    }

    @Override
    public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
      return offers;
    }
  }

  /** With a length of 8, 2 shots and seed 7 of its own, as far as it takes them. */
  private record Toy(TaskId id, Takes takes) implements TaskOffer {
    Toy(String name, Takes takes) {
      this(new TaskId("toys", name, 1), takes);
    }

    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      TaskOrder sized = takes.length() ? order.withLength(order.length().orElse(8)) : order;
      TaskOrder shot = takes.shots() ? sized.withShots(order.shots().orElse(2)) : sized;
      return shot.withSeed(order.seed().orElse(7));
    }

    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      return ToyTask.of(order.length().orElse(1));
    }
  }

  private static List<TaskOrder> orders(Wishes wishes, TaskOrder... asked) {
    return CATALOGUE.orders(List.of(asked), wishes, SUPPLIES);
  }

  private static Wishes wishes(List<Integer> lengths, OptionalInt shots, List<Long> seeds) {
    return new Wishes(lengths, shots, seeds, OptionalInt.empty(), Map.of());
  }

  @Test
  void whatNobodySaysIsTheTasksOwn() {
    assertThat(orders(Wishes.none(), TaskOrder.of("long"), TaskOrder.of("quiz")))
        .containsExactly(
            TaskOrder.of("long").withLength(8).withSeed(7),
            TaskOrder.of("quiz").withShots(2).withSeed(7));
  }

  @Test
  void everyTaskTakesOfTheWishesWhatItHasAUseFor() {
    assertThat(
            orders(
                wishes(List.of(4, 16), OptionalInt.of(0), List.of()),
                TaskOrder.of("long"),
                TaskOrder.of("quiz")))
        .containsExactly(
            TaskOrder.of("long").withLength(4).withSeed(7),
            TaskOrder.of("long").withLength(16).withSeed(7),
            TaskOrder.of("quiz").withShots(0).withSeed(7));
  }

  @Test
  void lengthsComeBeforeSeeds() {
    assertThat(
            orders(
                wishes(List.of(4, 16), OptionalInt.empty(), List.of(1L, 2L)), TaskOrder.of("long")))
        .extracting(order -> order.length().getAsInt() + " " + order.seed().getAsLong())
        .containsExactly("4 1", "4 2", "16 1", "16 2");
  }

  @Test
  void noOrderIsThereTwice() {
    assertThat(
            orders(
                wishes(List.of(8), OptionalInt.empty(), List.of()),
                TaskOrder.of("long"),
                TaskOrder.of("long").withLength(4)))
        .hasSize(1);
  }

  @Test
  void whatOnlyOneModuleKnowsStaysThere() {
    Wishes wishes =
        new Wishes(
            List.of(),
            OptionalInt.empty(),
            List.of(),
            OptionalInt.empty(),
            Map.of("version", List.of("new"), "other", List.of("x")));

    assertThat(orders(wishes, TaskOrder.of("long"), TaskOrder.of("quiz")))
        .extracting(TaskOrder::own)
        .containsExactly(Map.of("version", List.of("new")), Map.of());
  }

  @Test
  void aWishThatSomeHaveNoUseForIsALine() {
    assertThat(
            CATALOGUE.notes(
                List.of(TaskOrder.of("long"), TaskOrder.of("quiz")),
                wishes(List.of(4), OptionalInt.of(1), List.of(1L))))
        .containsExactly("--lengths says nothing to quiz", "--shots says nothing to long");
  }

  @Test
  void aWishThatNoTaskHasAUseForIsBadInput() {
    assertThatThrownBy(
            () -> orders(wishes(List.of(4), OptionalInt.empty(), List.of()), TaskOrder.of("quiz")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--lengths: none of the tasks has a length; these do: long, longer");
  }

  @Test
  void anUnknownTaskIsBadInput() {
    assertThatThrownBy(() -> CATALOGUE.offer("short"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task short: is none of long, longer, quiz");
  }

  @Test
  void anUnknownSuiteIsBadInput() {
    assertThatThrownBy(() -> CATALOGUE.suite("games", Wishes.none(), SUPPLIES))
        .isInstanceOf(BadInputException.class)
        .hasMessage("suite games: is none of toys, quizzes");
  }

  @Test
  void aLengthShowsInTheNameWhereARunHasSeveralOfTheTask() {
    List<TaskOrder> orders =
        orders(
            Wishes.none(),
            TaskOrder.of("long").withLength(4),
            TaskOrder.of("long"),
            TaskOrder.of("longer").withLength(4));

    assertThat(orders)
        .extracting(order -> CATALOGUE.variant(order, orders, SUPPLIES).length())
        .containsExactly(OptionalInt.of(4), OptionalInt.of(8), OptionalInt.empty());
  }

  @Test
  void shotsAndSeedShowWhereTheyAreNotTheTasksOwn() {
    List<TaskOrder> orders =
        orders(
            Wishes.none(),
            TaskOrder.of("quiz"),
            TaskOrder.of("quiz").withShots(5),
            TaskOrder.of("quiz").withSeed(1));

    assertThat(orders)
        .extracting(order -> CATALOGUE.variant(order, orders, SUPPLIES))
        .containsExactly(
            Variant.NONE,
            new Variant(OptionalInt.empty(), OptionalInt.of(5), OptionalLong.empty()),
            new Variant(OptionalInt.empty(), OptionalInt.empty(), OptionalLong.of(1)));
  }

  /** Has a task of any name that ends in {@code .json}: the name before that. */
  private record Brought(String suite) implements TaskModule {
    @Override
    public List<TaskOffer> offers() {
      return List.of();
    }

    @Override
    public Optional<TaskOffer> find(String name) {
      return name.endsWith(".json")
          ? Optional.of(new Toy(name.substring(0, name.length() - 5), SHOTS))
          : Optional.empty();
    }

    @Override
    public Optional<TaskOffer> find(TaskOrder order) {
      return order.own().containsKey("text")
          ? Optional.of(new Toy(order.task(), SHOTS))
          : find(order.task());
    }

    @Override
    public List<String> suites() {
      return List.of();
    }

    @Override
    public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
      return List.of();
    }
  }

  private static final Catalogue WITH_BROUGHT =
      new Catalogue(List.of(new Brought("brought"), CATALOGUE.modules().get(1)));

  private static TaskOrder brought(String text) {
    return TaskOrder.of("mine").withOwn(Map.of("text", List.of(text)));
  }

  @Test
  void anOrderMayHoldItsTask() {
    assertThat(WITH_BROUGHT.offer(brought("a")).name()).isEqualTo("mine");
    assertThatThrownBy(() -> WITH_BROUGHT.offer("mine")).hasMessage("task mine: is none of quiz");
  }

  @Test
  void theNameOfAnotherModulesTaskIsRefused() {
    assertThatThrownBy(() -> WITH_BROUGHT.offer("quiz.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task quiz.json: has the name of task quiz of suite toys");
  }

  @Test
  void twoTasksOfOneNameAreRefused() {
    List<TaskOrder> both = List.of(brought("a"), brought("b"));

    assertThatThrownBy(() -> WITH_BROUGHT.orders(both, Wishes.none(), SUPPLIES))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task mine: is the name of two different tasks of this run");
  }

  private static final Catalogue WITH_CURVE =
      new Catalogue(
          List.of(
              CATALOGUE.modules().get(0), new Toys("curves", List.of(new Toy("curve", LENGTHS)))));

  private static List<TaskOrder> withCurve(List<Integer> lengths, TaskOrder... asked) {
    return WITH_CURVE.orders(
        List.of(asked), wishes(lengths, OptionalInt.empty(), List.of()), SUPPLIES);
  }

  @Test
  void aTaskOfSeveralLengthsIsOneAtAllOfThem() {
    assertThat(withCurve(List.of(4, 16), TaskOrder.of("curve"), TaskOrder.of("long")))
        .containsExactly(
            TaskOrder.of("curve").withSeed(7).withOwn(Map.of("lengths", List.of("4", "16"))),
            TaskOrder.of("long").withLength(4).withSeed(7),
            TaskOrder.of("long").withLength(16).withSeed(7));
  }

  @Test
  void lengthsThatAPresetHasAreTheTasksUnlessTheUserSaysOthers() {
    TaskOrder preset = TaskOrder.of("curve").withOwn(Map.of("lengths", List.of("32")));

    assertThat(withCurve(List.of(), preset)).containsExactly(preset.withSeed(7));
    assertThat(withCurve(List.of(4), preset))
        .extracting(order -> order.own().get("lengths"))
        .containsExactly(List.of("4"));
  }
}

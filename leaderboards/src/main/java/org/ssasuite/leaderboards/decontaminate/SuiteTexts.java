package org.ssasuite.leaderboards.decontaminate;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.tasks.ruler.RulerTasks;
import org.ssasuite.trainer.overlap.SuiteText;

/**
 * What suites ask, as texts: documents that are rated, prompts, contexts with their continuations
 * behind them. Choice tasks without solved examples, which come from training splits.
 */
final class SuiteTexts {
  private static final Wishes WITHOUT_SHOTS =
      new Wishes(List.of(), OptionalInt.of(0), List.of(), OptionalInt.empty(), Map.of());

  private final Catalogue catalogue;
  private final Supplies supplies;

  SuiteTexts(Catalogue catalogue, Supplies supplies) {
    this.catalogue = catalogue;
    this.supplies = supplies.counting(RulerTasks::whitespace);
  }

  /**
   * The tasks of a suite that there is data for, and that have texts of someone's.
   *
   * @throws org.ssasuite.core.BadInputException if there is no such suite, or its data is corrupt
   */
  List<TaskOffer> tasks(String suite) {
    return catalogue.suite(suite, WITHOUT_SHOTS, supplies).stream()
        .filter(TaskOffer::quotes)
        .toList();
  }

  /**
   * The texts of a suite's tasks, read as the stream goes on.
   *
   * @throws org.ssasuite.core.BadInputException as {@link #tasks}
   */
  Stream<SuiteText> of(String suite) {
    return tasks(suite).stream().flatMap(offer -> texts(suite, offer.name(), task(offer)));
  }

  private Task<?> task(TaskOffer offer) {
    TaskOrder order = TaskOrder.of(offer.name());
    TaskOrder without = offer.takes().shots() ? order.withShots(0) : order;
    return offer.make(offer.completed(without, supplies), Variant.NONE, supplies);
  }

  private static <S extends Sample> Stream<SuiteText> texts(
      String suite, String name, Task<S> task) {
    return task.samples()
        .map(
            sample ->
                new SuiteText(
                    suite,
                    name,
                    sample.id(),
                    task.requests(sample).stream().map(SuiteTexts::text).toList()));
  }

  private static String text(Request<?> request) {
    return request.fold(
        generate -> generate.prompt(),
        rated -> rated.context() + rated.continuation(),
        document -> document.text(),
        comparison -> comparison.text());
  }
}

package org.ssasuite.leaderboards.decontaminate;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.RulerSize;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.tasks.ruler.RulerTasks;
import org.ssasuite.trainer.overlap.SuiteText;

/**
 * What suites ask, as texts: documents that are rated, prompts, contexts with their continuations
 * behind them. Choice tasks without solved examples, which come from training splits. Of RULER only
 * its questions: the rest of it is drawn from word lists.
 */
final class SuiteTexts {
  private static final List<String> RULERS_QUESTIONS = List.of("qa_1", "qa_2");

  private final TaskShelf shelf;

  SuiteTexts(TaskShelf shelf) {
    this.shelf = shelf;
  }

  /**
   * The tasks of a suite that there is data for, and that have texts of someone's.
   *
   * @throws org.ssasuite.core.BadInputException if there is no such suite, or its data is corrupt
   */
  List<String> tasks(String suite) {
    List<String> all = shelf.suite(suite, OptionalInt.of(0));
    return suite.equals(RulerTasks.BENCHMARK)
        ? all.stream().filter(RULERS_QUESTIONS::contains).toList()
        : all;
  }

  /**
   * The texts of a suite's tasks, read as the stream goes on.
   *
   * @throws org.ssasuite.core.BadInputException as {@link #tasks}
   */
  Stream<SuiteText> of(String suite) {
    return tasks(suite).stream().flatMap(name -> texts(suite, name, task(name)));
  }

  private Task<?> task(String name) {
    if (TaskShelf.isRuler(name)) {
      RulerSize size = new RulerSize(RulerTasks.DEFAULT_LENGTH, RulerTasks.DEFAULT_SEED);
      return shelf.rulerTask(name, size, OptionalInt.empty(), false, RulerTasks.whitespace());
    }
    return TaskShelf.isChoice(name)
        ? shelf.choiceTask(name, new Draws(0, TaskShelf.ownDraws(name).seed()))
        : shelf.windowTask(name, OptionalInt.empty(), false);
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
        document -> document.text());
  }
}

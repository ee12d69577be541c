package org.ssasuite.core.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.task.BosTask;
import org.ssasuite.core.task.Task;

/**
 * What an order says of the token that begins texts. It has it among what only its module knows,
 * under {@link #OWN}, and says nothing where the task's reference decides.
 */
public final class BosOrder {
  /** Of a task's own; a task that {@link Takes} it can be asked with the token and without. */
  public static final String OWN = "bos";

  /** As the task's reference has it. */
  public static final String AUTO = Bos.AUTO.text();

  private BosOrder() {}

  /**
   * What an order has of its own for a user's word.
   *
   * @param option by which the word was said
   * @throws BadInputException if there is no such word
   */
  public static Map<String, List<String>> own(String option, String word) {
    return word(option, word) == Bos.AUTO ? Map.of() : Map.of(OWN, List.of(word));
  }

  private static Bos word(String subject, String word) {
    return Arrays.stream(Bos.values())
        .filter(bos -> bos.text().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    subject + " " + word,
                    "is none of "
                        + Arrays.stream(Bos.values())
                            .map(Bos::text)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * What an order says.
   *
   * @throws BadInputException if it says it in no word that there is
   */
  public static Bos of(TaskOrder order) {
    List<String> words = order.own().getOrDefault(OWN, List.of(AUTO));
    if (words.size() != 1) {
      throw new BadInputException("task " + order.task(), "has " + OWN + " " + words);
    }
    return word("task " + order.task() + ": " + OWN, words.get(0));
  }

  /**
   * A task as its order wants it.
   *
   * @param task of a reference that puts no such token before its texts
   */
  public static Task<?> withoutByItself(TaskOrder order, Task<?> task) {
    Bos bos = of(order);
    return bos == Bos.NO ? task : said(task, bos);
  }

  /**
   * The same.
   *
   * @param task of a reference that leaves it to the tokenizer
   */
  public static Task<?> asTokenizersHaveIt(TaskOrder order, Task<?> task) {
    return said(task, of(order));
  }

  private static Task<?> said(Task<?> task, Bos bos) {
    return bos == Bos.AUTO ? task : new BosTask<>(task, bos);
  }
}

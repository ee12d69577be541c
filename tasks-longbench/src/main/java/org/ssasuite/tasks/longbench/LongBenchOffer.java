package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/** What all of LongBench's tasks have in common. An order's length is of a prompt, in tokens. */
abstract class LongBenchOffer implements TaskOffer {
  private static final int VERSION = 1;
  private static final int DEFAULT_TRAINED = 8192;
  private static final int KIBI = 1024;
  private static final int LEAST = 2;

  private final TaskId id;

  LongBenchOffer(String suite, String name) {
    this.id = new TaskId(suite, name, VERSION);
  }

  /**
   * Whether the file that its items come from is there.
   *
   * @param hub what of the same folder is in the layouts of a hub
   */
  abstract boolean isThere(Path data, HubData hub);

  /** By whose rule prompts are limited. */
  abstract Protocol protocol();

  /** A task with what its order says of BOS, which LongBench itself leaves to the tokenizer. */
  final Task<?> begun(TaskOrder order, Task<?> task) {
    return protocol() == Protocol.ORIGINAL
        ? BosOrder.asTokenizersHaveIt(order, task)
        : BosOrder.withoutByItself(order, task);
  }

  @Override
  public final TaskId id() {
    return id;
  }

  @Override
  public Takes takes() {
    return new Takes(
        true, false, false, false, Set.of(BosOrder.OWN, ChatOrder.OWN, ChatOrder.DATE));
  }

  @Override
  public TaskOrder completed(TaskOrder order, Supplies supplies) {
    int limit = order.length().orElseGet(() -> limit(supplies.trainedTokens()));
    if (limit < LEAST) {
      throw new BadInputException("length " + limit, "is too short for a prompt");
    }
    return order.withLength(limit);
  }

  /**
   * The limit, the same for all models of a run. For the one with the shortest trained length
   * LongBench has 3,500 for 4,096 tokens, 7,500 for 8,192, 15,500 and 31,500; below 2,048 it is
   * half of them. lm-evaluation-harness takes the trained length itself, for prompt and answer.
   *
   * @param trainedTokens shortest first; empty: 8,192
   */
  private int limit(List<Integer> trainedTokens) {
    int trained = trainedTokens.isEmpty() ? DEFAULT_TRAINED : trainedTokens.get(0);
    if (protocol() != Protocol.ORIGINAL) {
      return trained;
    }
    int ofLongBench = trained < 2 * KIBI ? trained / 2 : 1000 * (trained / KIBI) - 500;
    return Math.max(LEAST, ofLongBench);
  }
}

package org.ssasuite.leaderboards.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Task;
import org.ssasuite.runtime.tokenizer.PieceCounter;

/**
 * Makes the tasks of a run's models: each once, those that are made for a tokenizer once for each
 * tokenizer and trained length. Mutable while a plan is made. Counters live as long as the tasks,
 * which is as long as the program.
 */
final class TaskMaker {
  private final Catalogue catalogue;
  private final List<TaskOrder> orders;
  private final Supplies supplies;
  private final Map<Made, Task<?>> made = new HashMap<>();

  /**
   * A task that was made.
   *
   * @param tokenizer identity of the tokenizer; empty where none matters
   * @param chat digest of the chat template and a word in it; empty without one
   * @param trainedTokens what it was made with
   */
  private record Made(
      TaskOrder order, String tokenizer, String chat, List<Integer> trainedTokens) {}

  TaskMaker(Catalogue catalogue, List<TaskOrder> orders, Supplies supplies) {
    this.catalogue = catalogue;
    this.orders = orders;
    this.supplies = supplies;
  }

  /** Tasks that no model matters to, so that their data are looked at before any model. */
  void readData() {
    orders.stream()
        .filter(order -> !takesTokenizer(order) && ChatOrder.of(order).isEmpty())
        .forEach(order -> task(order, "", supplies));
  }

  private boolean takesTokenizer(TaskOrder order) {
    return catalogue.offer(order).takes().tokenizer();
  }

  /**
   * The tasks of one model.
   *
   * @param places of the tasks that it has, by their names
   * @throws BadInputException for data that is missing or corrupt, and samples that cannot be made
   */
  List<PlannedTask> tasks(RunModel model, Map<String, PlannedTask.Place> places) {
    List<TaskOrder> own =
        orders.stream().filter(order -> places.containsKey(order.task())).toList();
    Supplies chatting = supplies.chatting(said -> model.chats().chat(said.name(), said.date()));
    if (own.stream().noneMatch(this::takesTokenizer)) {
      return own.stream().map(order -> planned(order, places, "", chatting)).toList();
    }
    TokenCounter counter = PieceCounter.load(model.tokenizerFile());
    Supplies ofModel =
        chatting.forModels(model.trainedTokens().stream().boxed().toList()).counting(() -> counter);
    return own.stream()
        .map(
            order ->
                takesTokenizer(order)
                    ? planned(order, places, counter.identity(), ofModel)
                    : planned(order, places, "", chatting))
        .toList();
  }

  private PlannedTask planned(
      TaskOrder order, Map<String, PlannedTask.Place> places, String tokenizer, Supplies with) {
    OptionalInt limit = order.limit();
    return new PlannedTask(task(order, tokenizer, with), limit, places.get(order.task()));
  }

  private Task<?> task(TaskOrder order, String tokenizer, Supplies with) {
    TaskOffer offer = catalogue.offer(order);
    return made.computeIfAbsent(
        new Made(
            order,
            tokenizer,
            // Two models' templates may be the same, and the tokens that they have in them not.
            ChatOrder.chat(order, with).map(chat -> chat.digest() + chat.asked("word")).orElse(""),
            with.trainedTokens()),
        key -> offer.make(order, catalogue.variant(order, orders, with), with));
  }
}

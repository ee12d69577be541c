package org.ssasuite.core.catalogue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.TokenCounter;

/**
 * What tasks are made of on this machine.
 *
 * @param data folder with data sets
 * @param cache folder for what was made before; changes no result
 * @param trainedTokens lengths that the run's models were trained on, which some tasks go by
 * @param counter the tokenizer; called by tasks whose samples are made for one
 * @param chats the model's chat templates; called by tasks whose order has one
 */
public record Supplies(
    Path data,
    Path cache,
    List<Integer> trainedTokens,
    Supplier<TokenCounter> counter,
    Function<ChatOrder, Chat> chats) {
  public Supplies {
    Objects.requireNonNull(data);
    Objects.requireNonNull(cache);
    trainedTokens = List.copyOf(new TreeSet<>(trainedTokens));
    Objects.requireNonNull(counter);
    Objects.requireNonNull(chats);
  }

  /** For tasks that no model is there for yet. */
  public static Supplies of(Path data, Path cache) {
    return new Supplies(data, cache, List.of(), Supplies::none, Supplies::none);
  }

  private static TokenCounter none() {
    throw new IllegalStateException("a task asked for a tokenizer, and takes none");
  }

  private static Chat none(ChatOrder order) {
    throw new IllegalStateException(
        "a task asked for the chat template " + order.name() + " of no model");
  }

  /** The same for models of these trained lengths. */
  public Supplies forModels(List<Integer> lengths) {
    return new Supplies(data, cache, lengths, counter, chats);
  }

  /** The same for a tokenizer. */
  public Supplies counting(Supplier<TokenCounter> tokenizer) {
    return new Supplies(data, cache, trainedTokens, tokenizer, chats);
  }

  /** The same for a model with chat templates. */
  public Supplies chatting(Function<ChatOrder, Chat> templates) {
    return new Supplies(data, cache, trainedTokens, counter, templates);
  }
}

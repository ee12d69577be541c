package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** Items of our own in the form of a data set of v1. */
final class OwnItemsOffer extends LongBenchOffer {
  private final PublicDomainItems items;

  OwnItemsOffer(PublicDomainItems items) {
    super(LongBenchTasks.OWN_ITEMS, items.text());
    this.items = items;
  }

  @Override
  boolean isThere(Path data, HubData hub) {
    return true;
  }

  @Override
  Protocol protocol() {
    return Protocol.ORIGINAL;
  }

  @Override
  public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
    int limit = order.length().orElseThrow();
    Optional<Chat> chat = protocol().chat(items.form(), ChatOrder.chat(order, supplies));
    Question question = new Question(items.form(), protocol(), items.template(), limit, chat);
    return begun(
        order,
        new LongBenchTask(
            id().in(variant),
            ChatOrder.said(PublicDomainItems.PROTOCOL + "/" + protocol().text(limit), chat),
            items.read(supplies.data()),
            question,
            supplies.trainedTokens(),
            // Behind a template the needle stands at another place, which no answer tells.
            item -> chat.isPresent() ? Optional.empty() : items.needles(question, item)));
  }
}

package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
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
    Question question = new Question(items.form(), protocol(), items.template(), limit);
    return begun(
        order,
        new LongBenchTask(
            id().in(variant),
            PublicDomainItems.PROTOCOL + "/" + protocol().text(limit),
            items.read(supplies.data()),
            question,
            supplies.trainedTokens(),
            item -> items.needles(question, item)));
  }
}

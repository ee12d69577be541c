package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** A data set of v1 or of E under a protocol. */
final class FormOffer extends LongBenchOffer {
  private final TaskForm form;

  FormOffer(TaskForm form) {
    super(form.suite(), form.name());
    this.form = form;
  }

  @Override
  boolean isThere(Path data, HubData hub) {
    return ItemFile.exists(data, hub, form.set(), form.extended());
  }

  @Override
  public List<String> published(TaskOrder order, Supplies supplies) {
    return ItemFile.published(HubData.in(supplies.data()), form.set(), form.extended());
  }

  @Override
  Protocol protocol() {
    return form.protocol();
  }

  @Override
  public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
    int limit = order.length().orElseThrow();
    Optional<Chat> chat = protocol().chat(form.set(), ChatOrder.chat(order, supplies));
    return begun(
        order,
        new LongBenchTask(
            id().in(variant),
            ChatOrder.said(protocol().text(limit), chat),
            ItemFile.read(supplies.data(), form.set(), form.extended()),
            Question.of(form.set(), protocol(), limit, chat),
            supplies.trainedTokens()));
  }
}

package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.tasks.longbench.v2.V2File;
import org.ssasuite.tasks.longbench.v2.V2Form;
import org.ssasuite.tasks.longbench.v2.V2Task;

/** LongBench v2 in one of its forms. */
final class V2Offer extends LongBenchOffer {
  private final V2Form form;

  V2Offer(V2Form form) {
    super(LongBenchTasks.V2, form.text());
    this.form = form;
  }

  @Override
  boolean isThere(Path data, HubData hub) {
    return V2File.exists(data, hub);
  }

  @Override
  public List<String> published(TaskOrder order, Supplies supplies) {
    return V2File.published(HubData.in(supplies.data()));
  }

  @Override
  Protocol protocol() {
    return Protocol.ORIGINAL;
  }

  @Override
  public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
    V2File file = V2File.read(supplies.data());
    if (form == V2Form.RAG && file.items().stream().anyMatch(item -> item.retrieved().isEmpty())) {
      throw new BadInputException(
          "task " + form.text(), "needs records that have retrieved_context, all of them");
    }
    return begun(
        order,
        new V2Task(
            id().in(variant),
            form,
            file,
            order.length().orElseThrow(),
            ChatOrder.chat(order, supplies)));
  }

  /** A continuation is no answer in a chat. */
  @Override
  public Takes takes() {
    return form == V2Form.LOG_LIKELIHOOD
        ? new Takes(true, false, false, false, Set.of(BosOrder.OWN))
        : super.takes();
  }
}

package org.ssasuite.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** What a task does on an executor: has its one unit answered. */
final class AnswerUnit extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
    implements Serializable {
  private static final String GPU = "gpu";

  private final Work work;

  AnswerUnit(Work work) {
    this.work = work;
  }

  @Override
  public byte[] apply(TaskContext task, Iterator<byte[]> units) {
    ResourceInformation gpu = task.resourcesJMap().get(GPU);
    Optional<String> address =
        Optional.ofNullable(gpu).map(ResourceInformation::addresses).map(all -> all[0]);
    try {
      return Worker.answer(work, address, units.next());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}

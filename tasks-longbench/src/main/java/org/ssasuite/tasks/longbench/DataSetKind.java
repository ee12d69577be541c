package org.ssasuite.tasks.longbench;

import java.util.Objects;
import java.util.Optional;

/**
 * What a task's data set is.
 *
 * @param category as {@code summarization}
 * @param language {@code en}, {@code zh} or {@code code}
 */
record DataSetKind(String category, String language) {
  DataSetKind {
    Objects.requireNonNull(category);
    Objects.requireNonNull(language);
  }

  /** That of a task, by the task's own name; absent for v2, whose tasks have all kinds. */
  static Optional<DataSetKind> of(String task) {
    return TaskForm.named(task)
        .map(TaskForm::set)
        .or(() -> PublicDomainItems.named(task).map(PublicDomainItems::form))
        .map(found -> new DataSetKind(found.category().text(), found.language()));
  }
}

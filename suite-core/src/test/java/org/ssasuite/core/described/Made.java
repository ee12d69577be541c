package org.ssasuite.core.described;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

/** Descriptors and data in a folder, and the tasks that the catalogue makes of them. */
final class Made {
  static final Catalogue CATALOGUE = new Catalogue(List.of(new DescribedTasks()));

  static final String RATE =
      """
      {"schema": "ssasuite/task/1", "name": "notes", "version": 1, "data": "rows.jsonl",
       "rate": {"text": "{title}\\n{text}", "tokens": 64}}
      """;

  static final String CHOOSE =
      """
      {"schema": "ssasuite/task/1", "name": "quiz", "version": 1, "data": "rows.jsonl", "id": "id",
       "choose": {"prompt": "Q: {q}\\nA:", "choices_field": "choices", "answer": "gold",
                  "shots": {"count": 1}}}
      """;

  static final String GENERATE =
      """
      {"schema": "ssasuite/task/1", "name": "asks", "version": 1, "data": "rows.jsonl",
       "generate": {"prompt": "{q}\\n", "answers": "a", "metric": "token_f1", "max_tokens": 8}}
      """;

  static final String NOTES =
      """
      {"title": "One", "text": "The house stood by the river."}
      {"title": "Two", "text": "Nobody lived in it."}
      """;

  static final String QUESTIONS =
      """
      {"id": "a", "q": "1 + 1?", "choices": ["2", "3"], "gold": 0}
      {"id": "b", "q": "1 + 2?", "choices": ["2", "3", "4"], "gold": 1}
      {"id": "c", "q": "2 + 2?", "choices": ["5", "4"], "gold": 1}
      """;

  static final String ASKED =
      """
      {"q": "Where was it?", "a": ["by the river", "at a river"]}
      {"q": "Who lived there?", "a": "nobody"}
      """;

  private Made() {}

  static Path write(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes what a descriptor describes; its rows lie beside it. */
  static Task<?> task(Path folder, String descriptor, String rows) {
    write(folder, "rows.jsonl", rows);
    return task(write(folder, "task.json", descriptor));
  }

  static Task<?> task(Path descriptor) {
    TaskOrder asked = TaskOrder.of(descriptor.toString());
    TaskOffer offer = CATALOGUE.offer(asked);
    Supplies supplies = supplies();
    return offer.make(offer.completed(asked, supplies), Variant.NONE, supplies);
  }

  static Supplies supplies() {
    return Supplies.of(Path.of("data"), Path.of("cache"));
  }
}

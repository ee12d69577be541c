package org.ssasuite.tasks.longbench.v2;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Sample;

/**
 * A record of LongBench v2, its texts stripped as the reference does before it fills them in.
 *
 * @param choices four, A to D
 * @param answer 0 to 3
 * @param retrieved pieces of the document in its order; absent where the record has none
 */
public record V2Item(
    String id,
    String question,
    List<String> choices,
    int answer,
    String context,
    String difficulty,
    String length,
    String domain,
    Optional<List<String>> retrieved)
    implements Sample {
  static final String LETTERS = "ABCD";

  private static final int DOCUMENT_HEX_DIGITS = 16;

  public V2Item {
    Objects.requireNonNull(id);
    Objects.requireNonNull(question);
    choices = List.copyOf(choices);
    retrieved = retrieved.map(List::copyOf);
  }

  @Override
  public String document() {
    return Digests.sha256(context).substring(0, DOCUMENT_HEX_DIGITS);
  }
}

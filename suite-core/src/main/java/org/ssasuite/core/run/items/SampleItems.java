package org.ssasuite.core.run.items;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;

/**
 * What a run keeps of a sample's requests.
 *
 * @param items a request each, in the order in which they were asked
 * @param expected answers that count as right; none where there is nothing to be right about, or
 *     the task does not say
 * @param needles where in the prompt the answer stands, in UTF-16 characters
 */
public record SampleItems(List<Item> items, List<String> expected, List<Needle> needles) {
  public SampleItems {
    items = List.copyOf(items);
    expected = List.copyOf(expected);
    needles = List.copyOf(needles);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a sample without a request");
    }
  }

  /** With the needles that a task knows of. */
  public static SampleItems of(List<Item> items, List<String> expected, Optional<Needles> needles) {
    return new SampleItems(items, expected, needles.map(Needles::all).orElse(List.of()));
  }
}

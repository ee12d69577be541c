package org.ssasuite.core.report;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Values over two scales, as layer × head or depth × length: panels beside each other, drawn with
 * the same colours.
 *
 * @param key names it in files and links, unique in a report
 * @param value what a colour means
 */
public record Grid(
    String key, String title, Scale down, Scale across, Axis value, List<Panel> panels) {
  /**
   * What lies along one side.
   *
   * @param steps names of its places, in order
   */
  public record Scale(Axis axis, List<String> steps) {
    public Scale {
      Objects.requireNonNull(axis);
      steps = List.copyOf(steps);
    }
  }

  /**
   * One of them.
   *
   * @param values line by line; absent where there is nothing to draw
   * @param sources what it was made of
   */
  public record Panel(String name, List<List<OptionalDouble>> values, List<Source> sources) {
    public Panel {
      Objects.requireNonNull(name);
      values = values.stream().map(List::copyOf).toList();
      sources = List.copyOf(sources);
    }
  }

  public Grid {
    Section.requireKey(key);
    Objects.requireNonNull(title);
    Objects.requireNonNull(down);
    Objects.requireNonNull(across);
    Objects.requireNonNull(value);
    panels = List.copyOf(panels);
    for (Panel panel : panels) {
      boolean fits =
          panel.values().size() == down.steps().size()
              && panel.values().stream().allMatch(line -> line.size() == across.steps().size());
      if (!fits) {
        throw new IllegalArgumentException(
            panel.name() + " is not " + down.steps().size() + " lines of " + across.steps().size());
      }
    }
  }
}

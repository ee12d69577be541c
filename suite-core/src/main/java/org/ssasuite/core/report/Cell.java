package org.ssasuite.core.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ssasuite.core.statistics.Interval;

/** What a table has in one place. */
public sealed interface Cell {
  /** One of four, by the kind of cell. */
  default <T> T fold(
      Function<Text, T> text,
      Function<Whole, T> whole,
      Function<Real, T> real,
      Supplier<T> absent) {
    if (this instanceof Text words) {
      return text.apply(words);
    }
    if (this instanceof Whole count) {
      return whole.apply(count);
    }
    return this instanceof Real figure ? real.apply(figure) : absent.get();
  }

  /** What it has to be read with. */
  default List<Mark> marks() {
    return List.of();
  }

  /**
   * Words.
   *
   * @param text as people read it; foreign text is not made harmless yet
   * @param parts the numbers that it speaks of, so that nobody has to read them out of it
   */
  record Text(String text, Map<String, Long> parts, List<Mark> marks) implements Cell {
    public Text {
      Objects.requireNonNull(text);
      parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
      marks = List.copyOf(marks);
    }
  }

  /** A count. */
  record Whole(long value, List<Mark> marks) implements Cell {
    public Whole {
      marks = List.copyOf(marks);
    }
  }

  /**
   * A figure, not rounded.
   *
   * @param interval absent where its ends say nothing
   */
  record Real(double value, Optional<Interval> interval, List<Mark> marks) implements Cell {
    public Real {
      Objects.requireNonNull(interval);
      marks = List.copyOf(marks);
      if (Double.isNaN(value)) {
        throw new IllegalArgumentException("a figure that is no number");
      }
    }
  }

  /** Nothing to say. */
  record Absent() implements Cell {}

  static Cell of(String text) {
    return new Text(text, Map.of(), List.of());
  }

  static Cell of(long value) {
    return new Whole(value, List.of());
  }

  static Cell of(double value) {
    return new Real(value, Optional.empty(), List.of());
  }

  static Cell of(OptionalInt value) {
    return value.isPresent() ? of((long) value.getAsInt()) : absent();
  }

  static Cell of(OptionalDouble value) {
    return value.isPresent() ? of(value.getAsDouble()) : absent();
  }

  static Cell absent() {
    return new Absent();
  }
}

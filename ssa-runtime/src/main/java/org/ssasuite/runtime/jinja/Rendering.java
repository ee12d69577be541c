package org.ssasuite.runtime.jinja;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one rendering may still do. Mutable: work is counted down, whatever a template does, so that
 * none runs for ever or fills the memory. One owner.
 */
final class Rendering {
  /** Steps, items and, in so many at once, characters that are made. */
  private static final long MOST_WORK = 400_000;

  private static final int CHARACTERS_A_STEP = 32;

  /** Copies of what it is given; a template trims, splits and joins it a few times. */
  private static final int COPIES = 24;

  private static final int MOST_DEPTH = 100;

  private final Optional<LocalDate> date;
  private long work;
  private int line = 1;
  private int depth;

  /**
   * One that begins.
   *
   * @param characters that the template is given
   */
  Rendering(Optional<LocalDate> date, long characters) {
    this.date = Objects.requireNonNull(date);
    this.work = MOST_WORK + characters / CHARACTERS_A_STEP * COPIES;
  }

  /** What {@code strftime_now} knows of now. */
  Optional<LocalDate> date() {
    return date;
  }

  int line() {
    return line;
  }

  /** A step at a line. */
  void step(int where) {
    line = where;
    spend(1);
  }

  void spend(long units) {
    work -= units;
    if (work < 0) {
      throw TemplateFault.of("the template does more than a chat template should have to");
    }
  }

  /** A text that was made. */
  String made(String text) {
    spend(text.length() / CHARACTERS_A_STEP);
    return text;
  }

  /** A text of so many characters is about to be made. */
  void makeText(long characters) {
    spend(characters / CHARACTERS_A_STEP);
  }

  /** A list that was made. */
  <C extends Collection<?>> C made(C items) {
    spend(items.size());
    return items;
  }

  /** What a macro or a recursive loop gives, which may call itself. */
  <T> T deeper(Supplier<T> call) {
    depth++;
    if (depth > MOST_DEPTH) {
      throw TemplateFault.of("more than " + MOST_DEPTH + " calls within each other");
    }
    T value = call.get();
    depth--;
    return value;
  }
}

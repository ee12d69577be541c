package org.ssasuite.core.described;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Windows;

/**
 * How probable each row's text is.
 *
 * @param text a template
 * @param windows how the text is read
 * @param tokens of a window
 */
record RateKind(String text, Reading windows, int tokens) implements Kind {
  /** How a text is read. */
  enum Reading {
    /** Its first tokens in one pass. */
    FIRST(2) {
      @Override
      Windows of(int tokens) {
        return new Windows.First(tokens);
      }
    },
    /** All of it, window by window. */
    ROLLING(1) {
      @Override
      Windows of(int tokens) {
        return new Windows.Rolling(tokens);
      }
    };

    private final int least;

    Reading(int least) {
      this.least = least;
    }

    abstract Windows of(int tokens);
  }

  RateKind {
    Objects.requireNonNull(windows);
    Template.withField("text", text);
    if (tokens < windows.least) {
      throw new IllegalArgumentException(
          "tokens is " + tokens + "; " + windows.least + " or more is needed");
    }
  }

  @Override
  public String name() {
    return "rate";
  }

  @Override
  public OptionalInt length() {
    return OptionalInt.of(tokens);
  }

  @Override
  public int leastTokens() {
    return windows.least;
  }

  @Override
  public Optional<Shots> shots() {
    return Optional.empty();
  }

  /** Rolling windows are led by their prefix token. */
  @Override
  public boolean begins() {
    return windows == Reading.FIRST;
  }

  @Override
  public List<String> terms(OptionalInt limit) {
    return List.of(PythonText.lower(windows.name()) + "-" + limit.orElseThrow());
  }

  @Override
  public DescribedTask<?> task(Frame frame, Material material) {
    Template template = Template.withField("text", text);
    List<RateTask.Item> items =
        IntStream.range(0, material.rows().size())
            .mapToObj(i -> item(material.rows().get(i), material.names().get(i), template))
            .toList();
    return new RateTask(frame, material.digest(), items, windows.of(frame.tokens().orElseThrow()));
  }

  private static RateTask.Item item(Row row, RowName name, Template template) {
    String text = template.filled(row);
    if (PythonText.split(text).size() == 0) {
      throw row.bad("the text has no word");
    }
    return new RateTask.Item(name, text);
  }
}

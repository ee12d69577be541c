package org.ssasuite.leaderboards.report.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.attribution.HeadMasses;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.NeedleNote;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.items.Item;
import org.ssasuite.core.run.items.SampleItems;
import org.ssasuite.core.task.Measure;
import org.ssasuite.leaderboards.report.Rounding;

/** What a log says of one sample, in words: as much as a reader looks at. */
public final class SampleFacts {
  /** Characters of a text. */
  private static final int MOST_CHARACTERS = 700;

  /** Choices, or needles, of a sample. */
  private static final int MOST_PARTS = 10;

  /** However many samples a page has. */
  private static final int LEAST_CHARACTERS = 60;

  private static final String PROMPT = "Prompt's end";
  private static final double PERCENT = 100;

  private final List<Fact> facts = new ArrayList<>();

  /** A fact with its name. */
  public record Fact(String name, String text) {}

  private SampleFacts() {}

  static List<Fact> of(SampleRecord record, Optional<AttributionRecord> seen) {
    SampleFacts made = new SampleFacts();
    record.items().ifPresent(items -> made.addPrompt(items.items()));
    record.items().ifPresent(made::addAnswers);
    made.addNeedles(record, seen.map(AttributionRecord::needles).orElse(List.of()));
    seen.ifPresent(made::addAgain);
    return made.facts;
  }

  /** What became of it, in the words of section "Why samples failed". */
  static Optional<String> failure(AttributionRecord seen) {
    return seen.failure().map(each -> words(each, seen));
  }

  private static String words(FailureClass failure, AttributionRecord seen) {
    return switch (failure) {
      case NEVER_LOOKED -> "never looked";
      case LOOKED -> "looked, failed all the same";
      case SELECTION_LOST ->
          seen.turnedRight() ? "selection lost it; right with its blocks" : "selection lost it";
    };
  }

  static String beginning(String text) {
    return beginning(text, MOST_CHARACTERS);
  }

  /** A text's beginning, of at most so many characters. */
  public static String beginning(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean halved = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, halved ? most - 1 : most) + " …";
  }

  /** Its end. */
  private static String end(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int from = text.length() - most;
    boolean halved = from < text.length() && Character.isLowSurrogate(text.charAt(from));
    return "… " + text.substring(halved ? from + 1 : from);
  }

  /** The same facts, each cut so that all of them have about so many characters. */
  public static List<Fact> within(List<Fact> facts, int characters) {
    int all = facts.stream().mapToInt(fact -> fact.text().length()).sum();
    if (all <= characters) {
      return facts;
    }
    int each = Math.max(LEAST_CHARACTERS, characters / Math.max(1, facts.size()));
    return facts.stream()
        .map(
            fact ->
                new Fact(
                    fact.name(),
                    fact.name().equals(PROMPT)
                        ? end(fact.text(), each)
                        : beginning(fact.text(), each)))
        .toList();
  }

  private void add(String name, String text) {
    facts.add(new Fact(name, text));
  }

  private void addPrompt(List<Item> items) {
    items.get(0).prompt().ifPresent(prompt -> add(PROMPT, end(prompt, MOST_CHARACTERS)));
  }

  private void addAnswers(SampleItems sample) {
    if (!sample.expected().isEmpty()) {
      add("Expected", beginning(String.join(" | ", sample.expected())));
    }
    List<Item> items = sample.items();
    for (int i = 0; i < Math.min(items.size(), MOST_PARTS); i++) {
      int number = i;
      items
          .get(i)
          .<Optional<Fact>>fold(
              choice -> Optional.of(choice(number, choice)),
              written -> Optional.of(written(written)),
              rated -> Optional.of(rated(rated)),
              compared -> Optional.empty())
          .ifPresent(facts::add);
    }
  }

  private static Fact choice(int number, Item.Choice choice) {
    String figure =
        choice.logLikelihood().isPresent()
            ? Rounding.of(choice.logLikelihood().getAsDouble()) + " nats"
            : "no finite log-likelihood";
    return new Fact(
        "Choice " + number,
        String.format(
            Locale.ROOT,
            "%s over %,d tokens, %,d bytes%s: %s",
            figure,
            choice.tokens(),
            choice.bytes(),
            choice.greedy() ? ", the greedy answer" : "",
            beginning(choice.text())));
  }

  private static Fact written(Item.Written written) {
    String failure = written.failure().map(cause -> " (" + cause + ")").orElse("");
    return new Fact("Answer as written", beginning(written.text()) + failure);
  }

  private static Fact rated(Item.Rated rated) {
    double least = 0;
    int at = 0;
    for (int i = 0; i < rated.logProbabilities().size(); i++) {
      double value = rated.logProbabilities().get(i).orElse(Double.NEGATIVE_INFINITY);
      if (value < least) {
        least = value;
        at = i;
      }
    }
    return new Fact(
        "Rated",
        String.format(
            Locale.ROOT,
            "%,d tokens, %,d bytes; the least probable token at position %,d: %s nats",
            rated.logProbabilities().size(),
            rated.bytes(),
            rated.firstPosition() + at,
            Rounding.of(least)));
  }

  private void addNeedles(SampleRecord record, List<NeedleNote> notes) {
    List<Needle> places = record.items().map(SampleItems::needles).orElse(List.of());
    for (int i = 0; i < Math.min(MOST_PARTS, Math.max(places.size(), notes.size())); i++) {
      List<String> parts = new ArrayList<>();
      if (i < places.size()) {
        parts.add(place(places.get(i), record.items().orElseThrow()));
      }
      if (i < notes.size()) {
        parts.add(note(notes.get(i), i >= places.size()));
      }
      add("Needle " + (i + 1), String.join("; ", parts));
      if (i < notes.size()) {
        int number = i + 1;
        notes.get(i).attended().ifPresent(all -> add("Blocks of needle " + number, chosen(all)));
      }
    }
    share(record, "needle_selected")
        .ifPresent(
            share ->
                add(
                    "Blocks chosen",
                    "the needle's own by "
                        + share
                        + " of layers, KV heads and steps of the answer"
                        + share(record, "needle_selected_first")
                            .map(first -> ", by " + first + " when its first token was chosen")
                            .orElse("")));
  }

  private static Optional<String> share(SampleRecord record, String metric) {
    return record.score().fold(scored -> scored.measures(), unscored -> List.<Measure>of()).stream()
        .filter(each -> each.metric().equals(metric) && each.facet().isEmpty())
        .findFirst()
        .map(each -> percent(each.value()));
  }

  private static String place(Needle needle, SampleItems items) {
    String of =
        items
            .items()
            .get(0)
            .prompt()
            .map(prompt -> String.format(Locale.ROOT, " of %,d", prompt.length()))
            .orElse("");
    return depth(needle.tenth())
        + String.format(
            Locale.ROOT,
            ", characters %,d to %,d%s of the prompt",
            needle.span().from(),
            needle.span().to(),
            of);
  }

  private static String depth(int tenth) {
    return "depth " + tenth * 10 + " to " + (tenth + 1) * 10 + " %";
  }

  private static String note(NeedleNote note, boolean withDepth) {
    List<List<Double>> layers = note.largest().layers();
    int layer = 0;
    int head = 0;
    for (int l = 0; l < layers.size(); l++) {
      for (int h = 0; h < layers.get(l).size(); h++) {
        if (layers.get(l).get(h) > layers.get(layer).get(head)) {
          layer = l;
          head = h;
        }
      }
    }
    double mass = layers.get(layer).get(head);
    int strongestLayer = layer;
    int strongestHead = head;
    String kept =
        note.attended()
            .map(HeadMasses::layers)
            .filter(any -> mass > 0)
            .map(all -> all.get(strongestLayer).get(strongestHead) / mass)
            .map(share -> ", of which the chosen blocks hold " + percent(share))
            .orElse("");
    return (withDepth ? depth(note.tenth()) + "; " : "")
        + (note.found() ? "found" : "missed")
        + "; most attention on it: "
        + percent(mass)
        + " by head "
        + head
        + " of layer "
        + layer
        + kept;
  }

  /** By layer, how many query heads attend to some of it, each at its step of the largest mass. */
  private static String chosen(HeadMasses attended) {
    List<String> layers = new ArrayList<>();
    for (int layer = 0; layer < attended.layers().size(); layer++) {
      List<Double> heads = attended.layers().get(layer);
      long choosing = heads.stream().filter(mass -> mass > 0).count();
      layers.add("layer " + layer + ": " + choosing + " of " + heads.size() + " heads");
    }
    return "chosen, each head at its step of the largest mass: " + String.join(", ", layers);
  }

  private void addAgain(AttributionRecord seen) {
    seen.again()
        .ifPresent(
            found ->
                add(
                    "Asked again with its blocks forced",
                    seen.turnedRight() ? "right" : "still wrong: " + found(found)));
  }

  private static String found(List<Boolean> found) {
    long count = found.stream().filter(Boolean::booleanValue).count();
    return count + " of " + found.size() + " needles found";
  }

  private static String percent(double share) {
    return Rounding.of(PERCENT * share, 1) + " %";
  }
}

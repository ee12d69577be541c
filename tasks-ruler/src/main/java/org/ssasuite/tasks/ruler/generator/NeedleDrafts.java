package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.tasks.ruler.text.EssayText;
import org.ssasuite.tasks.ruler.text.Span;

/**
 * Drafts of the needle tasks, draw for draw as the references make them. Mutable (the generator):
 * one owner.
 */
final class NeedleDrafts {
  static final String NOISE =
      "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

  private static final String TEMPLATE =
      "Some special magic {type_needle_v} are hidden within the following text."
          + " Make sure to memorize it. I will quiz you about the {type_needle_v} afterwards.\n"
          + "{context}\n"
          + "What are all the special magic {type_needle_v} for {query}"
          + " mentioned in the provided text?";

  private static final String PREFIX =
      " The special magic {type_needle_v} for {query} mentioned in the provided text are";

  /** {@code round(linspace(0, 100, 40))}, halves to even. */
  private static final List<Integer> DEPTHS =
      IntStream.range(0, 40).map(i -> (int) Math.rint(i * (100.0 / 39))).boxed().toList();

  private static final double PERCENT = 100;

  private final NeedleSetup setup;
  private final NeedleWords words;
  private final Optional<EssayText> essay;
  private final long seed;
  private final boolean repeated;
  private final String template;
  private final PythonRandom random;

  /**
   * Nothing is drawn yet.
   *
   * @param seed of the needles' order
   * @param random what else is drawn with
   */
  NeedleDrafts(
      NeedleSetup setup,
      NeedleWords words,
      Optional<EssayText> essay,
      RulerVersion version,
      long seed,
      PythonRandom random) {
    this.setup = setup;
    this.words = words;
    this.essay = essay;
    this.seed = seed;
    this.random = random;
    boolean harness = version == RulerVersion.LMEVAL;
    this.repeated = !harness;
    String whole = harness ? TEMPLATE : TEMPLATE + PREFIX;
    this.template = setup.singleAnswer() ? singular(whole) : whole;
  }

  /** One answer: the references replace these four one after the other, wherever they stand. */
  private static String singular(String template) {
    return template
        .replace("Some", "A")
        .replace("are all", "is")
        .replace("are", "is")
        .replace("answers", "answer");
  }

  private record Needle(String value, String text) {}

  /**
   * A draft and what it asks for.
   *
   * @param query the keys, as they stand in the question
   */
  record Asked(Draft draft, String query) {}

  Asked make(int size) throws Unmakeable {
    List<String> keys = new ArrayList<>();
    List<List<String>> values = new ArrayList<>();
    List<Needle> needles = new ArrayList<>();
    for (int key = 0; key < setup.keys(); key++) {
      keys.add(draw(setup.keyKind()));
      List<String> own = new ArrayList<>();
      for (int value = 0; value < setup.values(); value++) {
        own.add(draw(setup.valueKind()));
        needles.add(new Needle(own.get(value), needle(keys.get(key), own.get(value))));
      }
      values.add(own);
    }
    new PythonRandom(seed).shuffle(needles);
    Context context =
        setup.haystack() == NeedleSetup.Haystack.ESSAY
            ? inEssay(needles, size)
            : inLines(needles, size);
    List<Integer> asked = random.sample(setup.keys(), setup.queries());
    List<String> queries = asked.stream().map(keys::get).toList();
    List<String> answers = asked.stream().flatMap(key -> values.get(key).stream()).toList();
    return new Asked(draft(context, query(queries), answers), query(queries));
  }

  private String draw(NeedleSetup.Kind kind) {
    return kind.draw(random, words);
  }

  private String needle(String key, String value) {
    return "One of the special magic "
        + setup.valueKind().text()
        + " for "
        + key
        + " is: "
        + value
        + ".";
  }

  private static String query(List<String> queries) {
    int last = queries.size() - 1;
    return last == 0
        ? queries.get(0)
        : String.join(", ", queries.subList(0, last)) + ", and " + queries.get(last);
  }

  /** The name of the values in question and prefix: without its plural for a single answer. */
  String typeText() {
    String plural = setup.valueKind().text();
    return setup.singleAnswer() ? plural.substring(0, plural.length() - 1) : plural;
  }

  private Draft draft(Context context, String query, List<String> answers) {
    PromptFrame frame =
        PromptFrame.of(template, Map.of("type_needle_v", typeText(), "query", query));
    Map<String, Span> spans =
        context.needles().stream()
            .collect(
                Collectors.toMap(
                    Placed::value,
                    placed -> placed.span().shifted(frame.head().length()),
                    (first, second) -> first));
    List<Span> needles = answers.stream().map(spans::get).toList();
    return new Draft(frame.around(context.text()), answers, needles);
  }

  private record Placed(String value, Span span) {}

  private record Context(StringBuilder text, List<Placed> needles) {
    Context() {
      this(new StringBuilder(), new ArrayList<>());
    }

    void add(Needle needle) {
      int from = text.length();
      text.append(needle.text());
      needles.add(new Placed(needle.value(), new Span(from, text.length())));
    }
  }

  /** Needles stand between sentences, at depths in percent; pieces are joined by spaces. */
  private Context inEssay(List<Needle> needles, int size) {
    List<String> sentences = essay.orElseThrow().sentences(size, repeated);
    List<Integer> positions =
        random.sample(DEPTHS, needles.size()).stream()
            .map(depth -> (int) (sentences.size() * (depth / PERCENT)))
            .sorted()
            .toList();
    Context context = new Context();
    int from = 0;
    for (int i = 0; i < needles.size(); i++) {
      context.text().append(String.join(" ", sentences.subList(from, positions.get(i))));
      context.text().append(' ');
      context.add(needles.get(i));
      context.text().append(' ');
      from = positions.get(i);
    }
    context.text().append(String.join(" ", sentences.subList(from, sentences.size())));
    return context;
  }

  /** Needles stand before lines; the first of them before the last one chosen. */
  private Context inLines(List<Needle> needles, int size) throws Unmakeable {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      lines.add(
          setup.haystack() == NeedleSetup.Haystack.NOISE
              ? NOISE
              : needle(draw(setup.keyKind()), draw(setup.valueKind())));
    }
    if (needles.size() > lines.size()) {
      throw new Unmakeable(lines.size() + " lines for " + needles.size() + " needles");
    }
    Set<Integer> before = new TreeSet<>(random.sample(lines.size(), needles.size()));
    List<Needle> upwards = new ArrayList<>(needles);
    Collections.reverse(upwards);
    Context context = new Context();
    int next = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (before.contains(i)) {
        context.add(upwards.get(next++));
        context.text().append('\n');
      }
      context.text().append(lines.get(i)).append('\n');
    }
    context.text().setLength(context.text().length() - 1);
    return context;
  }
}

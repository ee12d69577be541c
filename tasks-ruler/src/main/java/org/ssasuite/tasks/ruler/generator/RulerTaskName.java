package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.tasks.ruler.generator.NeedleSetup.Haystack;
import org.ssasuite.tasks.ruler.generator.NeedleSetup.Kind;

/**
 * A task by its name. A needle task among essays has a second one, {@code …_pd}, among the embedded
 * public-domain essays; RULER's own essays are not free.
 *
 * @param publicDomain whether it is such a second one
 */
public record RulerTaskName(Base base, boolean publicDomain) {
  private static final String PUBLIC_DOMAIN = "_pd";

  public RulerTaskName {
    if (publicDomain && !base.readsEssays()) {
      throw new IllegalArgumentException(base.text + " reads no essays");
    }
  }

  /** RULER's thirteen, in its order. */
  public enum Base {
    NIAH_SINGLE_1("niah_single_1"),
    NIAH_SINGLE_2("niah_single_2"),
    NIAH_SINGLE_3("niah_single_3"),
    NIAH_MULTIKEY_1("niah_multikey_1"),
    NIAH_MULTIKEY_2("niah_multikey_2"),
    NIAH_MULTIKEY_3("niah_multikey_3"),
    NIAH_MULTIVALUE("niah_multivalue"),
    NIAH_MULTIQUERY("niah_multiquery"),
    VT("vt", "ruler_vt", 30),
    CWE("cwe", "ruler_cwe", 120),
    FWE("fwe", "ruler_fwe", 50),
    QA_1("qa_1", "ruler_qa_squad", 32),
    QA_2("qa_2", "ruler_qa_hotpot", 32);

    private static final int NEEDLE_ANSWER_TOKENS = 128;

    private final String text;
    private final String harnessText;
    private final int answerTokens;

    /** A needle task. */
    Base(String text) {
      this(text, text, NEEDLE_ANSWER_TOKENS);
    }

    Base(String text, String harnessText, int answerTokens) {
      this.text = text;
      this.harnessText = harnessText;
      this.answerTokens = answerTokens;
    }

    public boolean readsEssays() {
      return needles().map(setup -> setup.haystack() == Haystack.ESSAY).orElse(false);
    }

    /** Whether it asks questions on documents, which the user brings. */
    public boolean readsQuestions() {
      return this == QA_1 || this == QA_2;
    }

    /** What a needle task hides where. */
    public Optional<NeedleSetup> needles() {
      return switch (this) {
        case NIAH_SINGLE_1 -> needles(Haystack.NOISE, 1, 1, 1);
        case NIAH_SINGLE_2 -> needles(Haystack.ESSAY, 1, 1, 1);
        case NIAH_SINGLE_3 ->
            Optional.of(new NeedleSetup(Haystack.ESSAY, Kind.WORDS, Kind.UUIDS, 1, 1, 1));
        case NIAH_MULTIKEY_1 -> needles(Haystack.ESSAY, 4, 1, 1);
        case NIAH_MULTIKEY_2 -> needles(Haystack.NEEDLES, 1, 1, 1);
        case NIAH_MULTIKEY_3 ->
            Optional.of(new NeedleSetup(Haystack.NEEDLES, Kind.UUIDS, Kind.UUIDS, 1, 1, 1));
        case NIAH_MULTIVALUE -> needles(Haystack.ESSAY, 1, 4, 1);
        case NIAH_MULTIQUERY -> needles(Haystack.ESSAY, 4, 1, 4);
        default -> Optional.empty();
      };
    }

    private static Optional<NeedleSetup> needles(
        Haystack haystack, int keys, int values, int queries) {
      return Optional.of(
          new NeedleSetup(haystack, Kind.WORDS, Kind.NUMBERS, keys, values, queries));
    }

    /** The most tokens of an answer. */
    public int answerTokens() {
      return answerTokens;
    }
  }

  /** All, in table order: those among public-domain essays behind RULER's own. */
  public static List<RulerTaskName> all() {
    List<RulerTaskName> all = new ArrayList<>();
    for (Base base : Base.values()) {
      all.add(new RulerTaskName(base, false));
      if (base.readsEssays()) {
        all.add(new RulerTaskName(base, true));
      }
    }
    return all;
  }

  /** By its own name, or the one that lm-eval has for it. */
  public static Optional<RulerTaskName> find(String name) {
    return all().stream().filter(task -> task.texts().anyMatch(name::equals)).findFirst();
  }

  /**
   * The same for a name that must be there.
   *
   * @throws BadInputException if no task has it
   */
  static RulerTaskName parse(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new BadInputException(
                    "task " + name,
                    "is none of "
                        + all().stream()
                            .map(RulerTaskName::text)
                            .collect(Collectors.joining(", "))));
  }

  public String text() {
    return base.text + (publicDomain ? PUBLIC_DOMAIN : "");
  }

  private Stream<String> texts() {
    return publicDomain ? Stream.of(text()) : Stream.of(base.text, base.harnessText);
  }

  /** The names of RULER's own thirteen. */
  public static List<String> ruler() {
    return Arrays.stream(Base.values()).map(base -> base.text).toList();
  }
}

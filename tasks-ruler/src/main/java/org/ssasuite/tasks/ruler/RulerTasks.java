package org.ssasuite.tasks.ruler;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/**
 * RULER's thirteen tasks (Hsieh et al., arXiv:2404.06654), sample for sample as NVIDIA's generators
 * and lm-evaluation-harness's make them; and its tasks among essays a second time, among essays
 * that are free. Samples are cut to a number of tokens, so every tokenizer has its own.
 */
public final class RulerTasks {
  public static final String BENCHMARK = "ruler";

  /** The references' seed where nobody says otherwise. */
  public static final long DEFAULT_SEED = 42;

  /** The newest generators. */
  public static final String DEFAULT_VERSION = RulerVersion.NVIDIA_2025.text();

  /** Tokens of prompt and answer where nobody says otherwise. */
  public static final int DEFAULT_LENGTH = 4_096;

  /** Samples of a task. */
  public static final int SAMPLES = 500;

  private static final int DIGEST_DIGITS = 12;

  /** Of tasks and scores; a change that can move a number raises it. */
  private static final int VERSION = 1;

  private RulerTasks() {}

  /**
   * How samples are made.
   *
   * @param version whose generators: {@code nvidia-2025}, {@code nvidia-2024}, {@code lmeval-0.4.9}
   * @param length tokens of prompt and answer
   * @param count samples; absent: 500, or as many as there are questions
   */
  public record Recipe(String version, int length, long seed, OptionalInt count) {
    public Recipe {
      RulerVersion.parse(version);
      Objects.requireNonNull(count);
      if (length < 1) {
        throw new BadInputException("length " + length, "is less than one token");
      }
      if (seed < 0 || seed >= 1L << Integer.SIZE) {
        throw new BadInputException("seed " + seed, "is not from 0 to 4294967295");
      }
      if (count.isPresent() && count.getAsInt() < 1) {
        throw new BadInputException("samples", "at least 1, not " + count.getAsInt());
      }
    }
  }

  /**
   * Where everything lies.
   *
   * @param data folder with {@code ruler_qa/} and {@code ruler_words/}, both of which may be absent
   * @param haystack RULER's essays, or any text instead
   * @param questions files in SQuAD's or HotpotQA's form
   * @param cache folder for sets of samples, made if need be
   */
  public record Material(Path data, Optional<Path> haystack, List<Path> questions, Path cache) {
    public Material {
      Objects.requireNonNull(data);
      Objects.requireNonNull(haystack);
      questions = List.copyOf(questions);
      Objects.requireNonNull(cache);
    }
  }

  /** The names that {@link #create} knows, in table order; it knows lm-eval's names too. */
  public static List<String> names() {
    return RulerTaskName.all().stream().map(RulerTaskName::text).toList();
  }

  /** The names of RULER's own thirteen. */
  public static List<String> ruler() {
    return RulerTaskName.ruler();
  }

  /** Whether a task has this name; lm-eval's names ({@code ruler_vt}, …) count. */
  public static boolean has(String name) {
    return RulerTaskName.find(name).isPresent();
  }

  /**
   * The tasks that make up the suite with what is there: needles among RULER's essays if the user
   * brings them, else among free ones; questions if there are some.
   */
  public static List<String> suite(Material material) {
    return RulerTaskName.all().stream()
        .filter(
            task ->
                !task.base().readsEssays() || task.publicDomain() == material.haystack().isEmpty())
        .filter(
            task ->
                !task.base().readsQuestions()
                    || Reading.findQuestions(task.base(), material).isPresent())
        .map(RulerTaskName::text)
        .toList();
  }

  /** The options that a task cannot do without, in words; empty if there are none. */
  public static String needs(String name) {
    RulerTaskName task = RulerTaskName.parse(name);
    if (task.base().readsQuestions()) {
      return "questions: --qa, or ruler_qa/ in --data";
    }
    return task.base().readsEssays() && !task.publicDomain() ? "essays: --haystack" : "";
  }

  /** The metric of a task's headline. */
  public static MetricRule headline(String name, String version) {
    StringMatch match =
        StringMatch.of(RulerTaskName.parse(name).base(), RulerVersion.parse(version));
    return RulerTask.aggregate(match).headline();
  }

  /** A tokenizer whose tokens are the stretches between white space. */
  public static TokenCounter whitespace() {
    return new WhitespaceCounter();
  }

  /**
   * Reads what a task is made from, and makes nothing of it.
   *
   * @throws BadInputException for an unknown name, and files that are missing or corrupt
   */
  public static void check(String name, Material material) {
    Reading.of(RulerTaskName.parse(name), material);
  }

  /**
   * Makes a task and its samples, or takes those that were made before.
   *
   * @param lengthInName whether a run has the task at several lengths
   * @throws BadInputException for an unknown name, files that are missing or corrupt, and a length
   *     that the task does not fit
   */
  public static Task<?> create(
      String name, Recipe recipe, Material material, TokenCounter counter, boolean lengthInName) {
    RulerTaskName task = RulerTaskName.parse(name);
    Prepared prepared = prepare(task, recipe, material, counter);
    return new RulerTask(
        id(task, recipe, lengthInName),
        protocol(task, recipe, prepared),
        prepared.key(),
        prepared.set().digest(),
        () -> prepare(task, recipe, material, counter).set().samples());
  }

  /**
   * The lines that a task's reference writes.
   *
   * @throws BadInputException as {@link #create}
   */
  public static Stream<String> lines(
      String name, Recipe recipe, Material material, TokenCounter counter) {
    RulerTaskName task = RulerTaskName.parse(name);
    RulerVersion version = RulerVersion.parse(recipe.version());
    return prepare(task, recipe, material, counter).set().samples().stream()
        .map(sample -> SampleLine.of(sample, version, recipe.length()));
  }

  private record Prepared(SetKey key, SampleSet set) {}

  private static Prepared prepare(
      RulerTaskName task, Recipe recipe, Material material, TokenCounter counter) {
    RulerVersion version = RulerVersion.parse(recipe.version());
    Reading reading = Reading.of(task, material);
    SetKey key =
        new SetKey(
            task.base(),
            version,
            recipe.length(),
            recipe.seed(),
            counter.identity(),
            reading.digests());
    SampleMaker maker =
        new SampleMaker(
            counter,
            counting ->
                Generators.of(
                    task.base(),
                    version,
                    recipe.seed(),
                    TokenBudget.of(counting, version, recipe.length()),
                    reading.sources()));
    SampleCache cache = new SampleCache(material.cache());
    try {
      return new Prepared(key, cache.get(key, count(recipe, reading), maker));
    } catch (BadInputException e) {
      throw new BadInputException("task " + task.text(), e.getMessage(), e);
    }
  }

  private static int count(Recipe recipe, Reading reading) {
    return recipe
        .count()
        .orElseGet(
            () ->
                reading
                    .sources()
                    .questions()
                    .map(file -> Math.min(SAMPLES, file.questions().size()))
                    .orElse(SAMPLES));
  }

  private static TaskId id(RulerTaskName task, Recipe recipe, boolean lengthInName) {
    String ofLength = lengthInName ? "@" + recipe.length() : "";
    String ofSeed = recipe.seed() == DEFAULT_SEED ? "" : "@seed-" + recipe.seed();
    return new TaskId(BENCHMARK, task.text() + ofLength + ofSeed, VERSION);
  }

  private static String protocol(RulerTaskName task, Recipe recipe, Prepared prepared) {
    StringBuilder protocol =
        new StringBuilder("RULER ")
            .append(recipe.version())
            .append(", ")
            .append(recipe.length())
            .append(" tokens with up to ")
            .append(task.base().answerTokens())
            .append(" of the answer, greedy, no stop string, seed ")
            .append(recipe.seed());
    new TreeMap<>(prepared.key().sources())
        .forEach(
            (name, digest) ->
                protocol.append(", ").append(name).append(" ").append(digest, 0, DIGEST_DIGITS));
    return protocol.toString();
  }
}

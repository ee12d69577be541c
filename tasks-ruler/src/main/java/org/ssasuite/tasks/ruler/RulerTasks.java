package org.ssasuite.tasks.ruler;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Description;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.metrics.StringMatch;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;
import org.ssasuite.tasks.ruler.generator.Generators;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;
import org.ssasuite.tasks.ruler.generator.RulerVersion;
import org.ssasuite.tasks.ruler.generator.TokenBudget;

/**
 * RULER's thirteen tasks (Hsieh et al., arXiv:2404.06654), sample for sample as NVIDIA's generators
 * and lm-evaluation-harness's make them; and its tasks among essays a second time, among essays
 * that are free. Samples are cut to a number of tokens, so every tokenizer has its own. An order's
 * length is of prompt and answer; of its own it may have {@link #GENERATORS}, {@link #HAYSTACK} and
 * {@link #QUESTIONS}.
 */
public final class RulerTasks implements TaskModule, Reporter {
  /**
   * Of an order: whose generators, {@code nvidia-2025}, {@code nvidia-2024}, {@code lmeval-0.4.9}.
   */
  public static final String GENERATORS = "version";

  /** Of an order: the file with the essays that needles are hidden in. */
  public static final String HAYSTACK = "haystack";

  /** Of an order: files with questions, in SQuAD's or HotpotQA's form. */
  public static final String QUESTIONS = "questions";

  /** The references' seed where nobody says otherwise. */
  static final long DEFAULT_SEED = 42;

  /** The newest generators. */
  static final String DEFAULT_VERSION = RulerVersion.NVIDIA_2025.text();

  /** Tokens of prompt and answer where nobody says otherwise. */
  static final int DEFAULT_LENGTH = 4_096;

  /** Samples of a task. */
  static final int SAMPLES = 500;

  private static final String SUITE = "ruler";
  private static final String WORD = "word";
  private static final int DIGEST_DIGITS = 12;

  /** Of tasks and scores; a change that can move a number raises it. */
  private static final int VERSION = 1;

  private static final List<TaskOffer> OFFERS =
      RulerTaskName.all().stream().<TaskOffer>map(Offer::new).toList();

  /**
   * How samples are made.
   *
   * @param version whose generators
   * @param length tokens of prompt and answer
   * @param count samples; absent: 500, or as many as there are questions
   */
  record Recipe(RulerVersion version, int length, long seed, OptionalInt count) {
    Recipe {
      Objects.requireNonNull(version);
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

    static Recipe of(TaskOrder order) {
      return new Recipe(
          RulerVersion.parse(first(order.own(), GENERATORS).orElseThrow()),
          order.length().orElseThrow(),
          order.seed().orElseThrow(),
          order.limit());
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
  record Material(Path data, Optional<Path> haystack, List<Path> questions, Path cache) {
    Material {
      Objects.requireNonNull(data);
      Objects.requireNonNull(haystack);
      questions = List.copyOf(questions);
      Objects.requireNonNull(cache);
    }

    static Material of(Map<String, List<String>> own, Supplies supplies) {
      return new Material(
          supplies.data(),
          first(own, HAYSTACK).map(Path::of),
          own.getOrDefault(QUESTIONS, List.of()).stream().map(Path::of).toList(),
          supplies.cache());
    }
  }

  public static Optional<String> first(Map<String, List<String>> own, String name) {
    return own.getOrDefault(name, List.of()).stream().findFirst();
  }

  @Override
  public List<TaskOffer> offers() {
    return OFFERS;
  }

  /** Names that lm-eval has for them ({@code ruler_vt}, …) count. */
  @Override
  public Optional<TaskOffer> find(String name) {
    return RulerTaskName.find(name).map(Offer::new);
  }

  @Override
  public List<String> suites() {
    return List.of(SUITE);
  }

  /**
   * What there is: needles among RULER's essays if the user brings them, else among free ones;
   * questions if there are some.
   */
  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    Material material = Material.of(wishes.own(), supplies);
    return RulerTaskName.all().stream()
        .filter(
            task ->
                !task.base().readsEssays() || task.publicDomain() == material.haystack().isEmpty())
        .filter(
            task ->
                !task.base().readsQuestions()
                    || Reading.findQuestions(task.base(), material).isPresent())
        .<TaskOffer>map(Offer::new)
        .toList();
  }

  @Override
  public List<Section> sections(List<ReportedResult> results) {
    return RulerSections.of(RulerRow.of(results));
  }

  /** A tokenizer whose tokens are the stretches between white space. */
  public static TokenCounter whitespace() {
    return new WhitespaceCounter();
  }

  /** A task of RULER's. */
  private record Offer(RulerTaskName task) implements TaskOffer {
    @Override
    public TaskId id() {
      return new TaskId(SUITE, task.text(), VERSION);
    }

    @Override
    public Takes takes() {
      Set<String> own =
          new HashSet<>(Set.of(GENERATORS, BosOrder.OWN, ChatOrder.OWN, ChatOrder.DATE));
      if (readsEssaysOfTheUser()) {
        own.add(HAYSTACK);
      }
      if (task.base().readsQuestions()) {
        own.add(QUESTIONS);
      }
      return new Takes(true, false, true, true, own);
    }

    private boolean readsEssaysOfTheUser() {
      return task.base().readsEssays() && !task.publicDomain();
    }

    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      Map<String, List<String>> own = new TreeMap<>(order.own());
      own.putIfAbsent(GENERATORS, List.of(DEFAULT_VERSION));
      TaskOrder complete =
          order
              .withLength(order.length().orElse(DEFAULT_LENGTH))
              .withSeed(order.seed().orElse(DEFAULT_SEED))
              .withOwn(own);
      Recipe.of(complete);
      return complete;
    }

    /** Makes the samples too, or takes those that were made before. */
    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      Recipe recipe = Recipe.of(order);
      Material material = Material.of(order.own(), supplies);
      TokenCounter counter = supplies.counter().get();
      Optional<Chat> chat = ChatOrder.chat(order, supplies);
      Prepared prepared = prepare(task, recipe, material, counter, chat);
      return BosOrder.withoutByItself(
          order,
          new RulerTask(
              id().in(variant),
              ChatOrder.said(protocol(task, recipe, prepared), chat),
              prepared.key(),
              prepared.set().digest(),
              () -> prepare(task, recipe, material, counter, chat).set().samples(),
              chat));
    }

    @Override
    public List<String> published(TaskOrder order, Supplies supplies) {
      boolean named = !order.own().getOrDefault(QUESTIONS, List.of()).isEmpty();
      return task.base().readsQuestions() && !named
          ? QuestionSource.published(task.base(), HubData.in(supplies.data()))
          : List.of();
    }

    @Override
    public void check(TaskOrder order, Supplies supplies) {
      Reading.of(task, Material.of(order.own(), supplies));
    }

    /** Its samples depend on the model's tokenizer; what is missing shows when they are made. */
    @Override
    public Description description(Supplies supplies) {
      StringMatch match = RulerTask.match(task.base(), RulerVersion.parse(DEFAULT_VERSION));
      return new Description(
          SAMPLES,
          RulerTask.aggregate(match).headline().metric(),
          "RULER, made for the model's tokenizer at each length",
          needs());
    }

    /** The options that it cannot do without, in words; empty if there are none. */
    private String needs() {
      if (task.base().readsQuestions()) {
        return "questions: --qa, or ruler_qa/ in --data";
      }
      return readsEssaysOfTheUser() ? "essays: --haystack" : "";
    }

    /** Its questions; the rest of RULER is drawn from word lists. */
    @Override
    public boolean quotes() {
      return task.base().readsQuestions();
    }

    @Override
    public Stream<String> lines(TaskOrder order, Supplies supplies) {
      Recipe recipe = Recipe.of(order);
      Material material = Material.of(order.own(), supplies);
      Optional<Chat> chat = ChatOrder.chat(order, supplies);
      TokenCounter counter = supplies.counter().get();
      return prepare(task, recipe, material, counter, chat).set().samples().stream()
          .map(sample -> SampleLine.of(sample, recipe.version(), recipe.length()));
    }
  }

  private record Prepared(SetKey key, SampleSet set) {}

  private static Prepared prepare(
      RulerTaskName task,
      Recipe recipe,
      Material material,
      TokenCounter counter,
      Optional<Chat> chat) {
    RulerVersion version = recipe.version();
    int around = chat.map(one -> around(version, one, counter)).orElse(0);
    Reading reading = Reading.of(task, material);
    if (recipe.length() <= around) {
      throw new BadInputException(
          "length " + recipe.length(), "is less than the chat template's " + around + " tokens");
    }
    SetKey key =
        new SetKey(
            task.base(),
            version,
            recipe.length(),
            recipe.seed(),
            counter.identity(),
            reading.digests(),
            around);
    SampleMaker maker =
        new SampleMaker(
            counter,
            counting ->
                Generators.of(
                    task.base(),
                    version,
                    recipe.seed(),
                    TokenBudget.of(counting, version, recipe.length() - around),
                    reading.sources()));
    SampleCache cache = new SampleCache(material.cache());
    try {
      return new Prepared(key, cache.get(key, count(recipe, reading), maker));
    } catch (BadInputException e) {
      throw new BadInputException("task " + task.text(), e.getMessage(), e);
    }
  }

  /**
   * Tokens that a chat template takes of the length: NVIDIA's {@code model_template_token} of
   * {@code data/prepare.py}; lm-evaluation-harness puts whole samples into it.
   */
  private static int around(RulerVersion version, Chat chat, TokenCounter counter) {
    if (version == RulerVersion.LMEVAL) {
      return 0;
    }
    // Around a word: some templates raise an error where there is none.
    return Math.max(0, counter.recount(chat.asked(WORD)) - counter.recount(WORD));
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

  private static String protocol(RulerTaskName task, Recipe recipe, Prepared prepared) {
    StringBuilder protocol =
        new StringBuilder("RULER ")
            .append(recipe.version().text())
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

package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Description;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.extrapolation.SafeLength;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/**
 * A task of suite {@code extrapolation}: the same tokens at all lengths, or the books that they are
 * of in one long pass. Which books are long enough depends on the tokenizer, and what is held
 * against what on the length that the model was trained on, so each such model has its own.
 *
 * <p>An order has of its own {@code lengths}, {@code stretches} of a book, and the {@code
 * safe_margin} in nats per token that its report goes by.
 */
record ExtrapolationOffer(TaskId id, boolean pass) implements TaskOffer {
  static final String SUITE = "extrapolation";

  private static final int VERSION = 1;
  private static final int SHORTEST = 256;
  private static final int LONGEST = 1 << 27;
  private static final int DEFAULT_STRETCHES = 2;
  private static final int MOST_STRETCHES = 10_000;

  /** Where no model says what it was trained on. */
  private static final int DEFAULT_LONGEST = 16_384;

  private static final List<String> FILES = List.of("pg19/long.jsonl", "pg19/beginnings.jsonl");

  /** The suite's, in table order. */
  static List<TaskOffer> all() {
    return List.of(
        new ExtrapolationOffer(new TaskId(SUITE, "extrapolation", VERSION), false),
        new ExtrapolationOffer(new TaskId(SUITE, "extrapolation-pass", VERSION), true));
  }

  @Override
  public Takes takes() {
    return new Takes(
        false,
        false,
        false,
        true,
        Set.of(Takes.LENGTHS, LengthScale.EXACT, LengthScale.STRETCHES, SafeLength.MARGIN));
  }

  /**
   * Its lengths: those that are asked for, the trained ones, and 256, 512, 1,024, … up to the
   * longest, which is twice the longest trained one where nobody says otherwise. Those that are
   * asked for and the trained ones alone, where that is asked for.
   */
  @Override
  public TaskOrder completed(TaskOrder order, Supplies supplies) {
    TreeSet<Integer> lengths = new TreeSet<>();
    for (String text : order.own().getOrDefault(Takes.LENGTHS, List.of())) {
      lengths.add(whole("--lengths", text, SHORTEST, LONGEST));
    }
    List<Integer> trained = supplies.trainedTokens();
    int longestTrained = trained.stream().mapToInt(tokens -> tokens).max().orElse(0);
    int longest = lengths.isEmpty() ? longestByDefault(longestTrained) : lengths.last();
    if (longest <= longestTrained) {
      throw new BadInputException(
          "--lengths " + longest,
          "is not beyond " + longestTrained + " tokens, which a model of the run was trained on");
    }
    lengths.add(longest);
    lengths.addAll(trained);
    for (int length = SHORTEST; length < longest && !exact(order); length *= 2) {
      lengths.add(length);
    }
    Map<String, List<String>> own = new TreeMap<>(order.own());
    own.put(Takes.LENGTHS, lengths.stream().map(String::valueOf).toList());
    own.put(LengthScale.STRETCHES, List.of(String.valueOf(stretches(order))));
    own.put(SafeLength.MARGIN, List.of(margin(order)));
    lengths.forEach(length -> requireRoom(longest, length));
    return order.withOwn(own);
  }

  /** A book's first stretch ends where the longest context does. */
  private static void requireRoom(int longest, int length) {
    try {
      new Windows.Stretch(longest, StretchTask.TARGETS, length);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "--lengths " + longest,
          "is too short: %d tokens before its end are rated, each behind half of %d tokens or more"
              .formatted(StretchTask.TARGETS, length));
    }
  }

  private static boolean exact(TaskOrder order) {
    List<String> said = order.own().getOrDefault(LengthScale.EXACT, List.of());
    if (!said.isEmpty() && !said.equals(List.of("true"))) {
      throw new BadInputException(
          "--exact-lengths", "is said or not, not " + String.join(", ", said));
    }
    return !said.isEmpty();
  }

  private static int longestByDefault(int longestTrained) {
    return longestTrained == 0 ? DEFAULT_LONGEST : Math.multiplyExact(2, longestTrained);
  }

  private static int stretches(TaskOrder order) {
    return first(order, LengthScale.STRETCHES)
        .map(text -> whole("--stretches", text, 1, MOST_STRETCHES))
        .orElse(DEFAULT_STRETCHES);
  }

  private static String margin(TaskOrder order) {
    Optional<String> said = first(order, SafeLength.MARGIN);
    double margin =
        said.map(
                text ->
                    SafeLength.parsed(text)
                        .orElseThrow(
                            () ->
                                new BadInputException(
                                    "--safe-margin " + text, "is no number of nats from 0 on")))
            .orElse(SafeLength.STANDARD_MARGIN);
    return Double.toString(margin);
  }

  private static Optional<String> first(TaskOrder order, String name) {
    return order.own().getOrDefault(name, List.of()).stream().findFirst();
  }

  private static int whole(String option, String text, int least, int most) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(option + " " + text, "is no whole number", e);
    }
    if (value < least || value > most) {
      throw new BadInputException(option + " " + text, "must be from " + least + " to " + most);
    }
    return value;
  }

  @Override
  public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
    if (supplies.trainedTokens().size() != 1) {
      throw new BadInputException(
          "task " + name(), "is made for a model that was trained on a length, not without one");
    }
    TokenCounter counter = supplies.counter().get();
    List<Integer> lengths = order.own().get(Takes.LENGTHS).stream().map(Integer::parseInt).toList();
    LengthScale scale = new LengthScale(lengths, supplies.trainedTokens().get(0));
    int ofEach = stretches(order);
    int least = StretchTask.leastTokens(scale.longest(), ofEach);
    LongBooks books = LongBooks.of(all(supplies.data()), least, counter, name());
    return pass
        ? new BookTask(
            id.in(variant),
            "book-of-" + least + "-or-more",
            new Windows.First(scale.longest()),
            books.file())
        : new StretchTask(id.in(variant), scale, ofEach, books);
  }

  @Override
  public List<String> published(TaskOrder order, Supplies supplies) {
    return HubData.in(supplies.data()).described(FILES, PublishedSet.PG19, Split.TEST);
  }

  private static BookFile all(Path data) {
    return LongBooks.all(data, FILES);
  }

  @Override
  public void check(TaskOrder order, Supplies supplies) {
    all(supplies.data());
  }

  /** Which books it takes depends on the model. */
  @Override
  public Description description(Supplies supplies) {
    return new Description(
        all(supplies.data()).books().size(),
        pass ? LossMetrics.WORD_PERPLEXITY : LengthMeasures.SCORE,
        "books that are long enough, by the model's tokenizer and trained length",
        "");
  }

  /** Its texts are those of suite pg19. */
  @Override
  public boolean quotes() {
    return false;
  }
}

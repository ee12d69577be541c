package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonText;

/**
 * Items of our own in the form of two of LongBench's data sets, made from the beginnings of books
 * in the public domain that task pg19 reads, so that the suite runs without anyone else's data.
 * They are no part of LongBench and their figures are not comparable with its.
 *
 * <p>A passage is a paragraph of 60 to 160 words, white space made single spaces. An item has 30
 * passages of different books, drawn with Python's generator and a fixed seed.
 */
enum PublicDomainItems {
  /** Which passage does an excerpt come from? The excerpt is its last 30 words. */
  RETRIEVAL(
      "pd_passage_retrieval",
      DataSet.PASSAGE_RETRIEVAL_EN,
      """
      Here are 30 paragraphs from books, along with an excerpt. Please determine which paragraph \
      the excerpt is from.

      {context}

      The following is an excerpt.

      {input}

      Please enter the number of the paragraph that the excerpt is from. The answer format must be \
      like "Paragraph 1", "Paragraph 2", etc.

      The answer is:\s""") {
    @Override
    LongBenchItem item(int number, List<String> passages, PythonRandom random) {
      int right = random.below(passages.size());
      List<String> words = PythonText.split(passages.get(right));
      String excerpt = String.join(" ", words.subList(words.size() - EXCERPT_WORDS, words.size()));
      return ofPassages(number, passages, excerpt, "Paragraph " + (right + 1));
    }

    @Override
    Optional<Needles> needles(Question question, LongBenchItem item) {
      return Optional.of(new PassageNeedle(question, item));
    }
  },

  /** How many different passages are there? Up to 15 of them stand in for others. */
  COUNT(
      "pd_passage_count",
      DataSet.PASSAGE_COUNT,
      """
      There are some paragraphs below from books. Some of them may be duplicates. Please carefully \
      read these paragraphs and determine how many unique paragraphs there are after removing \
      duplicates.

      {context}

      Please enter the final count of unique paragraphs after removing duplicates. The output \
      format should only contain the number, such as 1, 2, 3, and so on.

      The final answer is:\s""") {
    @Override
    LongBenchItem item(int number, List<String> passages, PythonRandom random) {
      List<String> repeated = new ArrayList<>(passages);
      int copies = random.below(passages.size() / 2 + 1);
      for (int i = 0; i < copies; i++) {
        repeated.set(random.below(repeated.size()), random.choice(passages));
      }
      return ofPassages(number, repeated, "", Long.toString(repeated.stream().distinct().count()));
    }
  };

  /** Of the sample set; a change of anything that it is made by raises it. */
  static final String PROTOCOL = "own-items-1";

  private static final String BOOKS = "pg19/beginnings.jsonl";
  private static final int ITEMS = 12;
  private static final int PASSAGES = 30;
  private static final int LEAST_WORDS = 60;
  private static final int MOST_WORDS = 160;
  private static final int EXCERPT_WORDS = 30;
  private static final long SEED = 1;

  private final String text;
  private final DataSet form;
  private final String template;

  PublicDomainItems(String text, DataSet form, String template) {
    this.text = text;
    this.form = form;
    this.template = template;
  }

  /** The items of this name. */
  static Optional<PublicDomainItems> named(String name) {
    return List.of(values()).stream().filter(items -> items.text.equals(name)).findFirst();
  }

  String text() {
    return text;
  }

  /** The data set whose scoring and limits they share. */
  DataSet form() {
    return form;
  }

  String template() {
    return template;
  }

  /**
   * Makes the items.
   *
   * @throws BadInputException for books that are missing or corrupt, or too few
   */
  ItemFile read(Path data) {
    DataFile file = DataFile.in(data, BOOKS);
    List<List<String>> books = new ArrayList<>();
    file.forEachJsonLine(line -> books.add(passages(line.text("text"))));
    books.removeIf(List::isEmpty);
    if (books.size() < PASSAGES) {
      throw new BadInputException(
          file.path(), "has " + books.size() + " books with passages; " + PASSAGES + " are needed");
    }
    PythonRandom random = new PythonRandom(SEED);
    List<LongBenchItem> items = new ArrayList<>();
    for (int number = 0; number < ITEMS; number++) {
      List<String> drawn =
          random.sample(books, PASSAGES).stream().map(book -> random.choice(book)).toList();
      items.add(item(number, drawn, random));
    }
    return new ItemFile(items, Digests.sha256(file.bytes()));
  }

  abstract LongBenchItem item(int number, List<String> passages, PythonRandom random);

  /** What an item's answer is found by; absent where that is the whole context. */
  Optional<Needles> needles(Question question, LongBenchItem item) {
    return Optional.empty();
  }

  private static List<String> passages(String book) {
    Set<String> passages = new LinkedHashSet<>();
    for (String paragraph : book.split("\n\n+", -1)) {
      List<String> words = PythonText.split(paragraph);
      if (words.size() >= LEAST_WORDS && words.size() <= MOST_WORDS) {
        passages.add(String.join(" ", words));
      }
    }
    return List.copyOf(passages);
  }

  private static LongBenchItem ofPassages(
      int number, List<String> passages, String input, String answer) {
    String context =
        IntStream.range(0, passages.size())
            .mapToObj(i -> "Paragraph " + (i + 1) + ": " + passages.get(i))
            .collect(Collectors.joining("\n\n"));
    return new LongBenchItem(
        number, input, context, List.of(answer), List.of(), PythonText.split(context).size());
  }
}

package org.ssasuite.trainer.overlap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.ssasuite.core.files.Digests;
import org.ssasuite.trainer.data.CorpusFile;

/**
 * Looks for the suites' shingles in a corpus: the suites are held in memory, the corpus goes by one
 * document at a time. Mutable, one owner.
 */
public final class OverlapSearch {
  /** Words of a shingle, as GPT-3's and many later reports take them. */
  public static final int WORDS = 13;

  private final WordAnalyzer analyzer = new WordAnalyzer();
  private final SuiteIndex index = new SuiteIndex(WORDS, analyzer);
  private final List<OverlapReport.CorpusResult> corpora = new ArrayList<>();

  private BitSet hits = new BitSet();
  private OverlapReport.Example[] examples = new OverlapReport.Example[0];
  private int[] firstEntries = new int[0];

  private OverlapSearch() {}

  /**
   * Searches all files.
   *
   * @param suites what is looked for; closed when it was read
   * @param progress gets the number of words of each document that was searched
   * @throws org.ssasuite.core.BadInputException if a corpus is missing or broken
   */
  public static OverlapReport run(
      Stream<SuiteText> suites, List<CorpusFile> corpora, LongConsumer progress) {
    OverlapSearch search = new OverlapSearch();
    try (suites) {
      suites.forEach(search.index::add);
    }
    search.hits = new BitSet(search.index.entries());
    search.examples = new OverlapReport.Example[search.index.documents().size()];
    search.firstEntries =
        search.index.documents().stream().mapToInt(SuiteIndex.Document::firstEntry).toArray();
    corpora.forEach(corpus -> search.search(corpus, progress));
    return search.report();
  }

  private void search(CorpusFile corpus, LongConsumer progress) {
    List<OverlapReport.CorpusHit> found = new ArrayList<>();
    Reading reading = new Reading(corpus.path().getFileName().toString());
    corpus.forEach(
        (line, text) -> {
          int shingles = reading.document(line.number(), text);
          if (shingles > 0) {
            found.add(new OverlapReport.CorpusHit(line.number(), shingles));
          }
          progress.accept(reading.words);
        });
    corpora.add(
        new OverlapReport.CorpusResult(
            reading.name, Digests.sha256(corpus.path()), reading.documents, found));
  }

  /** One corpus going by. Mutable, one owner. */
  private final class Reading {
    private final String name;
    private final Shingle shingle = new Shingle(WORDS);
    private long documents;
    private long line;
    private int words;
    private int shingles;

    Reading(String name) {
      this.name = name;
    }

    /** How many of its shingles a suite has. */
    int document(long number, String text) {
      documents++;
      line = number;
      words = 0;
      shingles = 0;
      shingle.clear();
      analyzer.forEach(text, this::word);
      return shingles;
    }

    private void word(char[] characters, int length, int offset) {
      words++;
      int word = index.find(characters, length);
      if (word == HashHeads.NONE) {
        shingle.clear();
      } else if (shingle.push(word, offset)) {
        int before = shingles;
        index.find(shingle, entry -> hit(entry, before));
      }
    }

    private void hit(int entry, int before) {
      shingles = before + 1;
      if (hits.get(entry)) {
        return;
      }
      hits.set(entry);
      int document = documentOf(entry);
      if (examples[document] == null) {
        SuiteIndex.Place place = index.place(entry, index.documents().get(document));
        examples[document] =
            new OverlapReport.Example(
                index.words(entry), name, line, shingle.offset(), place.text(), place.offset());
      }
    }
  }

  private int documentOf(int entry) {
    int found = Arrays.binarySearch(firstEntries, entry);
    if (found < 0) {
      return -found - 2;
    }
    // Documents without a shingle begin where the one behind them does: the last one has it.
    while (found + 1 < firstEntries.length && firstEntries[found + 1] == entry) {
      found++;
    }
    return found;
  }

  private record TaskKey(String suite, String task) {}

  private OverlapReport report() {
    Map<TaskKey, List<Integer>> byTask = new LinkedHashMap<>();
    for (int i = 0; i < index.documents().size(); i++) {
      SuiteIndex.Document document = index.documents().get(i);
      byTask
          .computeIfAbsent(new TaskKey(document.suite(), document.task()), key -> new ArrayList<>())
          .add(i);
    }
    List<OverlapReport.TaskResult> tasks =
        byTask.entrySet().stream().map(task -> result(task.getKey(), task.getValue())).toList();
    return new OverlapReport(
        OverlapReport.SCHEMA, hits.isEmpty(), WORDS, OverlapReport.NORMALISATION, corpora, tasks);
  }

  private OverlapReport.TaskResult result(TaskKey key, List<Integer> documents) {
    List<OverlapReport.DocumentHit> found = new ArrayList<>();
    int tooShort = 0;
    long shingles = 0;
    long hitShingles = 0;
    for (int i : documents) {
      SuiteIndex.Document document = index.documents().get(i);
      int from = document.firstEntry();
      int hit = hits.get(from, from + document.entries()).cardinality();
      tooShort += document.entries() == 0 ? 1 : 0;
      shingles += document.entries();
      hitShingles += hit;
      if (hit > 0) {
        found.add(
            new OverlapReport.DocumentHit(
                document.name(), document.entries(), hit, Objects.requireNonNull(examples[i])));
      }
    }
    found.sort(Comparator.comparingDouble(OverlapReport.DocumentHit::share).reversed());
    return new OverlapReport.TaskResult(
        key.suite(), key.task(), documents.size(), tooShort, shingles, hitShingles, found);
  }
}

package org.ssasuite.trainer.overlap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.lucene.analysis.CharArrayMap;

/**
 * The shingles of the suites' documents. A word is its number in a dictionary, a shingle a 64-bit
 * hash beside the place of its first word, so that what a hash finds is verified; some 40 bytes per
 * word of a suite. Mutable while documents are added, one owner.
 */
final class SuiteIndex {
  private final int size;
  private final WordAnalyzer analyzer;
  private final CharArrayMap<Integer> dictionary = new CharArrayMap<>(1 << 12, false);
  private final List<String> spellings = new ArrayList<>();

  /** All words of all texts, one text behind the other, and where each begins in its text. */
  private final Integers words = new Integers();

  private final Integers offsets = new Integers();

  /** An entry per shingle of a document: its first word, and the next entry of the same hash. */
  private final Integers places = new Integers();

  private final Integers nexts = new Integers();
  private final HashHeads heads = new HashHeads();

  private final List<Document> documents = new ArrayList<>();

  /**
   * A document that was added.
   *
   * @param firstEntry its shingles are the entries from here on
   * @param entries how many they are
   * @param texts where its texts begin among the words
   */
  record Document(
      String suite, String task, String name, int firstEntry, int entries, List<Integer> texts) {
    Document {
      texts = List.copyOf(texts);
    }
  }

  SuiteIndex(int size, WordAnalyzer analyzer) {
    this.size = size;
    this.analyzer = analyzer;
  }

  /** Takes a document in. */
  void add(SuiteText text) {
    int firstEntry = places.size();
    List<Integer> starts = new ArrayList<>();
    Shingle shingle = new Shingle(size);
    for (String one : text.texts()) {
      starts.add(words.size());
      shingle.clear();
      analyzer.forEach(
          one,
          (characters, length, offset) -> {
            int word = number(characters, length);
            words.add(word);
            offsets.add(offset);
            if (shingle.push(word, offset)) {
              add(shingle, firstEntry);
            }
          });
    }
    documents.add(
        new Document(
            text.suite(),
            text.task(),
            text.document(),
            firstEntry,
            places.size() - firstEntry,
            starts));
  }

  private int number(char[] characters, int length) {
    Integer known = dictionary.get(characters, 0, length);
    if (known != null) {
      return known;
    }
    String spelling = new String(characters, 0, length);
    dictionary.put(spelling, spellings.size());
    spellings.add(spelling);
    return spellings.size() - 1;
  }

  private void add(Shingle shingle, int firstEntry) {
    long hash = shingle.hash();
    int newest = heads.get(hash);
    // The newest entries of a hash come first: those of this document, if it has some.
    for (int entry = newest; entry >= firstEntry; entry = nexts.get(entry)) {
      if (holds(entry, shingle)) {
        return;
      }
    }
    nexts.add(newest);
    places.add(words.size() - size);
    heads.put(hash, places.size() - 1);
  }

  private boolean holds(int entry, Shingle shingle) {
    int place = places.get(entry);
    for (int i = 0; i < size; i++) {
      if (words.get(place + i) != shingle.word(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The number of a word; {@link HashHeads#NONE} if no suite has it. A bare number because it is
   * asked for each word of a corpus.
   */
  int find(char[] characters, int length) {
    Integer known = dictionary.get(characters, 0, length);
    return known == null ? HashHeads.NONE : known;
  }

  /** Hands over all entries that are this shingle, one per document that has it. */
  void find(Shingle shingle, IntConsumer entries) {
    for (int entry = heads.get(shingle.hash()); entry != HashHeads.NONE; entry = nexts.get(entry)) {
      if (holds(entry, shingle)) {
        entries.accept(entry);
      }
    }
  }

  List<Document> documents() {
    return documents;
  }

  int entries() {
    return places.size();
  }

  /** The words of an entry, blanks between. */
  String words(int entry) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(spellings.get(words.get(places.get(entry) + i)));
    }
    return String.join(" ", all);
  }

  /** Which of its document's texts an entry stands in, and where. */
  Place place(int entry, Document document) {
    int text = document.texts().size() - 1;
    while (document.texts().get(text) > places.get(entry)) {
      text--;
    }
    return new Place(text, offsets.get(places.get(entry)));
  }

  /**
   * A place in a document.
   *
   * @param offset UTF-16 units
   */
  record Place(int text, int offset) {}
}

package org.ssasuite.trainer.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/**
 * Documents that ask for what they said before: a passage of a corpus with sentences of hidden
 * codes put between its own, and behind it a question for each of them with its answer, in another
 * order. The subject of a code is two words of the document that the passage is from, the code four
 * to seven digits; a passage has 1,000 to 24,000 characters, short ones as often as long ones on a
 * logarithmic scale. The wording is no benchmark's.
 */
final class RecallDocuments {
  private static final int SHORTEST = 1_000;
  private static final int LONGEST = 24_000;
  private static final int MOST_CODES = 6;

  /** A subject is looked for this many times; some word may stand for the most of a text. */
  private static final int ATTEMPTS = 100;

  private static final Pattern SENTENCE_END = Pattern.compile("[.!?][\"'’”)]*(?=\\s)");
  private static final Pattern WORD = Pattern.compile("(?<![A-Za-z'’])[a-z]{4,9}(?![A-Za-z'’])");

  private final double share;
  private final Draws draws;
  private double owed;

  /**
   * Documents among others.
   *
   * @param share of all characters, theirs counted
   */
  RecallDocuments(double share, long seed) {
    this.share = share;
    this.draws = new Draws(seed, "recall");
  }

  /** What is due behind the next document, often nothing. */
  List<String> behind(String text) {
    owed += share / (1 - share) * text.length();
    List<String> documents = new ArrayList<>();
    if (owed <= 0 || text.length() < 2 * SHORTEST) {
      return documents;
    }
    List<Integer> ends = ends(text);
    List<String> words = words(text);
    while (owed > 0 && ends.size() > 2 && words.size() > 1) {
      String document = document(text, ends, words);
      documents.add(document);
      owed -= document.length();
    }
    return documents;
  }

  private String document(String text, List<Integer> ends, List<String> words) {
    int length = (int) (SHORTEST * Math.pow((double) LONGEST / SHORTEST, draws.unit()));
    int first = draws.below(ends.size() - 1);
    int last = first + 1;
    while (last < ends.size() - 1 && ends.get(last) - ends.get(first) < length) {
      last++;
    }
    List<String> subjects = subjects(words, draws.between(1, MOST_CODES));
    List<String> codes = subjects.stream().map(subject -> code()).toList();
    List<List<String>> behind = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      behind.add(new ArrayList<>());
    }
    for (int i = 0; i < subjects.size(); i++) {
      behind.get(draws.below(behind.size())).add(sentence(subjects.get(i), codes.get(i)));
    }
    StringBuilder document = new StringBuilder();
    for (int i = first; i <= last; i++) {
      if (i > first) {
        document.append(text, ends.get(i - 1), ends.get(i));
      }
      for (String sentence : behind.get(i - first)) {
        document.append(document.isEmpty() ? "" : " ").append(sentence);
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      order.add(draws.below(i + 1), i);
    }
    document.append('\n');
    for (int i : order) {
      document
          .append("\nWhat is the hidden code for ")
          .append(subjects.get(i))
          .append("? ")
          .append(sentence(subjects.get(i), codes.get(i)));
    }
    int begin = 0;
    while (PythonText.isSpace(document.charAt(begin))) {
      begin++;
    }
    return document.substring(begin);
  }

  private static String sentence(String subject, String code) {
    return "The hidden code for " + subject + " is " + code + ".";
  }

  private List<String> subjects(List<String> words, int count) {
    Set<String> subjects = new LinkedHashSet<>();
    for (int i = 0; i < ATTEMPTS && subjects.size() < count; i++) {
      subjects.add(
          "the "
              + words.get(draws.below(words.size()))
              + " "
              + words.get(draws.below(words.size())));
    }
    return List.copyOf(subjects);
  }

  private String code() {
    int digits = draws.between(4, 7);
    StringBuilder code = new StringBuilder();
    code.append(draws.between(1, 9));
    while (code.length() < digits) {
      code.append(draws.below(10));
    }
    return code.toString();
  }

  /** Where sentences end, in UTF-16 units, the mark and its closing quotes included. */
  private static List<Integer> ends(String text) {
    List<Integer> ends = new ArrayList<>();
    Matcher matcher = SENTENCE_END.matcher(text);
    while (matcher.find()) {
      ends.add(matcher.end());
    }
    return ends;
  }

  /** Different words of lower-case letters, in the order of their first place. */
  private static List<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return List.copyOf(words);
  }
}

package org.ssasuite.tasks.ruler.text;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.python.PythonText;

/**
 * Sentences of a text after Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary
 * Detection" (2006), sentence for sentence as NLTK 3.9.1 splits with the same parameters.
 *
 * <p>Every {@code .}, {@code ?} or {@code !} before punctuation or another word may end a sentence.
 * Its context, the word before and the word behind, decides. Closing quotes and brackets behind the
 * end go to the sentence that ended.
 */
public final class Punkt {
  private static final String CLOSING = "\"')]}";

  /**
   * Python's {@code string.whitespace}: what divides a word from the one before, ASCII only here.
   */
  private static final String ASCII_SPACE = " \t\n\r\u000B\f";

  private final PunktParameters parameters;

  public Punkt(PunktParameters parameters) {
    this.parameters = parameters;
  }

  /** The sentences; white space between them is in none. */
  List<Span> split(String text) {
    return realigned(text, ends(text));
  }

  /**
   * A character that may end a sentence.
   *
   * @param at index of the character
   * @param wordFrom where the word before it begins
   * @param nextFrom where the next word begins; equal to {@code at + 1} if punctuation follows
   * @param nextTo behind the next word or the punctuation
   */
  private record Candidate(int at, int wordFrom, int nextFrom, int nextTo) {}

  /** A stretch that may be empty. */
  private record Stretch(int from, int to) {}

  private List<Stretch> ends(String text) {
    List<Stretch> stretches = new ArrayList<>();
    int from = 0;
    for (Candidate candidate : candidates(text)) {
      if (endsSentence(text, candidate)) {
        stretches.add(new Stretch(from, candidate.at() + 1));
        from = candidate.nextFrom();
      }
    }
    int end = text.length();
    while (end > 0 && PythonText.isSpace(text.charAt(end - 1))) {
      end--;
    }
    stretches.add(new Stretch(from, end));
    return stretches;
  }

  /** Of several candidates within one word, as in {@code !!!}, the last one counts. */
  private static List<Candidate> candidates(String text) {
    List<Candidate> candidates = new ArrayList<>();
    Candidate before = null;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '.' && c != '?' && c != '!') {
        continue;
      }
      int nextFrom = nextFrom(text, at + 1);
      if (nextFrom < 0) {
        continue;
      }
      int nextTo = nextFrom == at + 1 ? nextFrom + 1 : wordTo(text, nextFrom);
      Candidate candidate = new Candidate(at, wordFrom(text, at, before), nextFrom, nextTo);
      if (before != null && before.at() <= candidate.wordFrom()) {
        candidates.add(before);
      }
      before = candidate;
    }
    if (before != null) {
      candidates.add(before);
    }
    return candidates;
  }

  /** Where punctuation or the next word begins; −1 if neither follows. */
  private static int nextFrom(String text, int from) {
    if (from < text.length() && PunktWords.NO_WORD.indexOf(text.charAt(from)) >= 0) {
      return from;
    }
    int at = from;
    while (at < text.length() && PythonText.isSpace(text.charAt(at))) {
      at++;
    }
    return at == from || at == text.length() ? -1 : at;
  }

  private static int wordTo(String text, int from) {
    int at = from;
    while (at < text.length() && !PythonText.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * Behind the last white space since the candidate before; where there is none, or only at that
   * candidate itself, where its word began.
   */
  private static int wordFrom(String text, int at, Candidate before) {
    int since = before == null ? 0 : before.at();
    for (int i = at - 1; i > since; i--) {
      if (ASCII_SPACE.indexOf(text.charAt(i)) >= 0) {
        return i + 1;
      }
    }
    return before == null ? 0 : before.wordFrom();
  }

  private boolean endsSentence(String text, Candidate candidate) {
    String context = text.substring(candidate.wordFrom(), candidate.nextTo());
    List<PunktToken> tokens = new ArrayList<>();
    for (String word : PunktWords.of(context)) {
      tokens.add(new PunktToken(word, parameters));
    }
    for (int i = 0; i + 1 < tokens.size(); i++) {
      tokens.get(i).decideBefore(tokens.get(i + 1), parameters);
      if (tokens.get(i).isSentenceBreak()) {
        return true;
      }
    }
    return false;
  }

  private static List<Span> realigned(String text, List<Stretch> stretches) {
    List<Span> sentences = new ArrayList<>();
    int moved = 0;
    for (int i = 0; i < stretches.size(); i++) {
      int from = stretches.get(i).from() + moved;
      int to = stretches.get(i).to();
      moved = 0;
      if (i + 1 < stretches.size()) {
        Stretch next = stretches.get(i + 1);
        int closingTo = closingTo(text, next);
        if (closingTo > next.from()) {
          to = closingTo;
          moved = spaceTo(text, closingTo, next.to()) - next.from();
        }
      }
      if (to > from) {
        sentences.add(new Span(from, to));
      }
    }
    return sentences;
  }

  /**
   * Behind the closing characters that a stretch begins with, if white space, {@code --} or its end
   * follows; else its beginning.
   */
  private static int closingTo(String text, Stretch stretch) {
    int at = stretch.from();
    while (at < stretch.to() && CLOSING.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean ends =
        at == stretch.to()
            || PythonText.isSpace(text.charAt(at))
            || (at + 2 <= stretch.to() && text.startsWith("--", at));
    return ends ? at : stretch.from();
  }

  private static int spaceTo(String text, int from, int to) {
    int at = from;
    while (at < to && PythonText.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}

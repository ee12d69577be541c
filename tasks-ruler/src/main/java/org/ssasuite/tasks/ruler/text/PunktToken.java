package org.ssasuite.tasks.ruler.text;

import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/** A word as Punkt sees it, and what it is taken for. Mutable while a context is decided. */
final class PunktToken {
  private static final String PUNCTUATION = ";:,.!?";
  private static final Pattern NUMBER = Pattern.compile("-?[.,]?\\p{Nd}[\\p{Nd},.-]*\\.?");

  /** What all numbers count as. */
  private static final String NUMBER_TYPE = "##number##";

  private final String text;
  private final String type;
  private boolean sentenceBreak;
  private boolean abbreviation;
  private boolean ellipsis;

  /** The decision by the word alone: the article's first, type-based stage. */
  PunktToken(String text, PunktParameters parameters) {
    this.text = text;
    String lower = PythonText.lower(text);
    this.type = NUMBER.matcher(lower).matches() ? NUMBER_TYPE : lower;
    if (text.equals(".") || text.equals("?") || text.equals("!")) {
      sentenceBreak = true;
    } else if (text.length() > 1 && text.chars().allMatch(c -> c == '.')) {
      ellipsis = true;
    } else if (endsInPeriod() && !text.endsWith("..")) {
      String stem = PythonText.lower(text.substring(0, text.length() - 1));
      abbreviation =
          parameters.abbreviations().contains(stem)
              || parameters.abbreviations().contains(stem.substring(stem.lastIndexOf('-') + 1));
      sentenceBreak = !abbreviation;
    }
  }

  /**
   * The decision by the word behind: the article's second, token-based stage.
   *
   * @param next as the first stage left it
   */
  void decideBefore(PunktToken next, PunktParameters parameters) {
    if (!endsInPeriod()) {
      return;
    }
    String own = typeWithoutPeriod();
    String following = next.sentenceBreak ? next.typeWithoutPeriod() : next.type;
    boolean initial = isInitial();
    if (parameters.collocation(own, following)) {
      sentenceBreak = false;
      abbreviation = true;
      return;
    }
    Start start = next.startsSentence(following, parameters);
    if ((abbreviation || ellipsis) && !initial) {
      boolean frequentStarter = next.isUpper() && parameters.starters().contains(following);
      if (start == Start.YES || frequentStarter) {
        sentenceBreak = true;
        return;
      }
    }
    if (initial || own.equals(NUMBER_TYPE)) {
      boolean nameBehindInitial =
          start == Start.UNKNOWN && initial && next.isUpper() && !parameters.seenLower(following);
      if (start == Start.NO || nameBehindInitial) {
        sentenceBreak = false;
        abbreviation = true;
      }
    }
  }

  private enum Start {
    YES,
    NO,
    UNKNOWN
  }

  /** Whether a word starts a sentence, by how it is written here and was in the training text. */
  private Start startsSentence(String ownType, PunktParameters parameters) {
    if (text.length() == 1 && PUNCTUATION.contains(text)) {
      return Start.NO;
    }
    if (isUpper() && parameters.seenLower(ownType) && !parameters.seenUpperInside(ownType)) {
      return Start.YES;
    }
    if (isLower() && (parameters.seenUpper(ownType) || !parameters.seenLowerAtStart(ownType))) {
      return Start.NO;
    }
    return Start.UNKNOWN;
  }

  boolean isSentenceBreak() {
    return sentenceBreak;
  }

  private boolean endsInPeriod() {
    return text.endsWith(".");
  }

  private String typeWithoutPeriod() {
    return type.length() > 1 && type.endsWith(".") ? type.substring(0, type.length() - 1) : type;
  }

  /**
   * One letter and a period. Letters are what Python's {@code \w} matches and {@code \d} does not.
   */
  private boolean isInitial() {
    int first = text.codePointAt(0);
    return text.length() == Character.charCount(first) + 1
        && PythonText.isWordCharacter(first)
        && Character.getType(first) != Character.DECIMAL_DIGIT_NUMBER;
  }

  private boolean isUpper() {
    return PythonText.isUpper(text.codePointAt(0));
  }

  private boolean isLower() {
    return PythonText.isLower(text.codePointAt(0));
  }
}

package org.ssasuite.core.hub;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A part of a data set.
 *
 * <p>Reference of the words: huggingface/datasets, {@code src/datasets/data_files.py}, {@code
 * SPLIT_KEYWORDS}.
 */
public enum Split {
  TRAIN("train", "training"),
  VALIDATION("validation", "valid", "val", "dev"),
  TEST("test", "testing", "eval", "evaluation");

  private final String word;

  // An immutable list, which the compiler cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> words;

  Split(String word, String... others) {
    this.word = word;
    this.words = Stream.concat(Stream.of(word), Arrays.stream(others)).toList();
  }

  /** As in messages. */
  public String word() {
    return word;
  }

  /** The split that a word stands for. */
  static Optional<Split> of(String text) {
    return Arrays.stream(values()).filter(split -> split.words.contains(text)).findFirst();
  }
}

package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class TextTokenizerTest {
  private static final int VOCABULARY = 4096;
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer =
        TextTokenizer.load(
            Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void longTextIsNotCut() {
    String text = "The whale, the whale! ".repeat(40_000);
    TextTokenizer.Tokens tokens = tokenizer.encode(text, VOCABULARY);
    assertThat(tokens.ids().length).isGreaterThan(200_000);
    assertThat(tokenizer.decode(tokens.ids())).isEqualTo(text);
  }

  @Test
  void closingWaitsForWhoeverIsInIt() throws InterruptedException {
    TextTokenizer own =
        TextTokenizer.load(
            Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json"));
    String text = "The whale, the whale! ".repeat(5_000);
    int[] expected = own.ids(text, VOCABULARY);
    CountDownLatch begun = new CountDownLatch(2);
    List<Throwable> ends = new CopyOnWriteArrayList<>();
    Runnable reading =
        () -> {
          try {
            while (true) {
              assertThat(own.ids(text, VOCABULARY)).isEqualTo(expected);
              begun.countDown();
            }
          } catch (IllegalStateException | AssertionError e) {
            ends.add(e);
          }
        };
    List<Thread> threads = List.of(new Thread(reading), new Thread(reading));
    threads.forEach(Thread::start);
    begun.await();
    own.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ends).hasSize(2).allMatch(end -> end.getMessage().endsWith("is closed"));
  }

  @Test
  void nothingIsAdded() {
    assertThat(tokenizer.encode("", VOCABULARY).ids()).isEmpty();
    assertThat(tokenizer.encode("a", VOCABULARY).ids()).hasSize(1);
  }

  @Test
  void endsCountUtf16UnitsOfTheText() {
    String text = "naïve 🐋🐋 whale";
    TextTokenizer.Tokens tokens = tokenizer.encode(text, VOCABULARY);
    int[] ends = tokens.textEnds();
    assertThat(ends).isSorted();
    assertThat(ends[ends.length - 1]).isEqualTo(text.length());
  }

  @Test
  void endOfEachTokenIsTheEndOfItsText() {
    String text = "Call me Ishmael. Some years ago";
    TextTokenizer.Tokens tokens = tokenizer.encode(text, VOCABULARY);
    for (int i = 0; i < tokens.ids().length; i++) {
      int[] prefix = Arrays.copyOf(tokens.ids(), i + 1);
      assertThat(tokenizer.decode(prefix)).isEqualTo(text.substring(0, tokens.textEnds()[i]));
    }
  }

  @Test
  void idBeyondTheModelsVocabularyIsRefused() {
    assertThatThrownBy(() -> tokenizer.encode("whale", 10))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("vocabulary has 10 ids");
  }

  @Test
  void brokenTokenizerIsNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, "{\"version\": \"1.0\"}");
    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }
}

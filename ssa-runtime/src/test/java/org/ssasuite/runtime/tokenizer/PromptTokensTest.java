package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Truncation;

class PromptTokensTest {
  private static final int VOCABULARY = 4096;
  private static final int BEGIN = 0;
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom, it was the"
          + " age of foolishness, it was the epoch of belief.";

  /** Of the miniatures: no special token around a text. */
  private static TextTokenizer plain;

  /** The same with a token that begins each text, as Llama's has. */
  private static TextTokenizer beginning;

  @BeforeAll
  static void load(@TempDir Path folder) throws IOException {
    Path file = Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json");
    plain = TextTokenizer.load(file);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(Files.readString(file));
    json.set(
        "post_processor",
        mapper.readTree(
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                      {"Sequence": {"id": "B", "type_id": 0}}],
             "special_tokens": {"<|begin_of_text|>": {"id": "<|begin_of_text|>", "ids": [0],
                                "tokens": ["<|begin_of_text|>"]}}}
            """));
    Path changed = folder.resolve("tokenizer.json");
    Files.writeString(changed, json.toString());
    beginning = TextTokenizer.load(changed);
  }

  @AfterAll
  static void close() {
    plain.close();
    beginning.close();
  }

  private static PromptTokens of(TextTokenizer tokenizer, Truncation truncation) {
    return PromptTokens.of(TEXT, truncation, false, tokenizer, VOCABULARY, new EncodedTexts());
  }

  private static int[] ids(String text) {
    return plain.encode(text, VOCABULARY).ids();
  }

  @Test
  void theMiddleIsCutAndBothHalvesAreDecodedByThemselves() {
    int[] all = ids(TEXT);
    String kept =
        plain.decode(Arrays.copyOf(all, 6))
            + plain.decode(Arrays.copyOfRange(all, all.length - 6, all.length));

    PromptTokens prompt = of(plain, new Truncation.Middle(12));

    assertThat(prompt.ids()).containsExactly(ids(kept));
    assertThat(prompt.fit()).isEqualTo(new ContextFit(all.length, 12));
  }

  @Test
  void anOddLimitLosesAToken() {
    assertThat(of(plain, new Truncation.Middle(13)).ids())
        .containsExactly(of(plain, new Truncation.Middle(12)).ids());
    assertThat(of(plain, new Truncation.Middle(13)).fit().usedTokens()).isEqualTo(12);
  }

  @Test
  void aTextOfJustTheLimitIsNotCut() {
    int tokens = ids(TEXT).length;

    assertThat(of(plain, new Truncation.Middle(tokens)).ids()).containsExactly(ids(TEXT));
    assertThat(of(plain, new Truncation.Middle(tokens - 1)).fit().truncated()).isTrue();
  }

  @Test
  void theBeginningTokenCountsThenIsDroppedAndAddedAgain() {
    int[] all = ids(TEXT);
    // Six tokens of the first half are the beginning and five of the text.
    String kept =
        plain.decode(Arrays.copyOf(all, 5))
            + plain.decode(Arrays.copyOfRange(all, all.length - 6, all.length));

    PromptTokens prompt = of(beginning, new Truncation.Middle(12));

    assertThat(prompt.ids()[0]).isEqualTo(BEGIN);
    assertThat(Arrays.copyOfRange(prompt.ids(), 1, prompt.ids().length)).containsExactly(ids(kept));
    assertThat(prompt.fit()).isEqualTo(new ContextFit(all.length + 1, 12));
  }

  @Test
  void thereIsNoSecondCut() {
    // Cut inside a character: each half becomes a replacement character, of three tokens.
    String text = "🐋".repeat(40);
    int most = 0;
    for (int limit = 2; limit < 12; limit++) {
      int read =
          PromptTokens.of(
                  text, new Truncation.Middle(limit), false, plain, VOCABULARY, new EncodedTexts())
              .ids()
              .length;
      most = Math.max(most, read - limit);
    }
    assertThat(most).isPositive();
  }

  @Test
  void halvesThatAreDecodedTogetherLoseNothingAtAnOddLimit() {
    int[] all = ids(TEXT);
    int[] kept = Arrays.copyOf(all, 13);
    System.arraycopy(all, all.length - 7, kept, 6, 7);

    PromptTokens prompt = of(plain, new Truncation.MiddleTogether(13));

    assertThat(prompt.ids()).containsExactly(ids(plain.decode(kept)));
    assertThat(prompt.fit()).isEqualTo(new ContextFit(all.length, 13));
  }

  @Test
  void leftKeepsTheLastTokensAndAddsNone() {
    int[] all = ids(TEXT);

    PromptTokens prompt = of(beginning, new Truncation.Left(7));

    assertThat(prompt.ids()).containsExactly(Arrays.copyOfRange(all, all.length - 7, all.length));
    assertThat(prompt.fit()).isEqualTo(new ContextFit(all.length, 7));
  }

  @Test
  void wholeIsTheTextAlone() {
    assertThat(of(beginning, new Truncation.Whole()).ids()).containsExactly(ids(TEXT));
    assertThat(of(beginning, new Truncation.Left(1000)).ids()).containsExactly(ids(TEXT));
  }

  private static Chat chat(String begin) {
    return new Chat() {
      @Override
      public String digest() {
        return "0".repeat(64);
      }

      @Override
      public String asked(String message) {
        return begin + "Q: " + message + " A:";
      }

      @Override
      public String begun(String message, String answer) {
        return asked(message) + answer;
      }
    };
  }

  private static int[] inChat(String begin, int limit, boolean bare) {
    Truncation rule = new Truncation.InChat(new Truncation.Middle(limit), chat(begin));
    return PromptTokens.of(TEXT, rule, bare, beginning, VOCABULARY, new EncodedTexts()).ids();
  }

  @Test
  void promptIsCutBeforeTheTemplateHasIt() {
    int[] all = beginning.ids(TEXT, VOCABULARY);
    String left =
        beginning.decode(Arrays.copyOf(all, 10))
            + beginning.decode(Arrays.copyOfRange(all, all.length - 10, all.length));
    assertThat(inChat("", 20, true)).isEqualTo(plain.ids("Q: " + left + " A:", VOCABULARY));
  }

  @Test
  void templateThatBeginsTextsGetsNoSecondBegin() {
    int[] ids = inChat("<|begin_of_text|>", 1000, false);
    assertThat(Arrays.copyOf(ids, 2)).isNotEqualTo(new int[] {BEGIN, BEGIN}).startsWith(BEGIN);
  }

  @Test
  void templateThatDoesNotBeginTextsGetsTheTokenizersBegin() {
    assertThat(inChat("", 1000, false)).startsWith(BEGIN);
  }
}

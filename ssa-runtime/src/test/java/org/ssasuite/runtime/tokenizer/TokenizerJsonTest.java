package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;

/** Each of these files ends the process when the tokenizer library sees it. */
class TokenizerJsonTest {
  private static final String START =
      "{\"version\": \"1.0\", \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1},"
          + " \"merges\": []}, \"decoder\": {\"type\": \"ByteLevel\", ";

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("tokenizer.json"), content);
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Path file) {
    return assertThatThrownBy(() -> TextTokenizer.load(file)).isInstanceOf(BadInputException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"trim_offsets\": tru|Unrecognized token",
        "\"x\": \"\\ud800\"}}|half of a surrogate pair",
        "\"\\ud800\": 1}}|half of a surrogate pair",
        "\"x\": 1e400}}|a number is out of range",
        "\"x\": 1, \"x\": 2}}|Duplicate",
        "\"x\": 1}} {}|Trailing token",
      })
  void aDecoderThatIsNoSoundJsonIsRefused(String rest, String fact) throws IOException {
    Path file = file(START + rest);

    assertRefused(file)
        .hasMessageStartingWith(file + ": not a tokenizer: ")
        .hasMessageContaining(fact);
  }

  @Test
  void aDeepDecoderIsRefused() throws IOException {
    Path file = file(START + "\"x\": " + "[".repeat(200) + "]".repeat(200) + "}}");

    assertRefused(file).hasMessageContaining("nesting depth");
  }

  @Test
  void aMergeWithoutTheModelsPrefixIsRefused() throws IOException {
    Path file =
        file(
            "{\"model\": {\"type\": \"BPE\", \"continuing_subword_prefix\": \"####\", \"vocab\":"
                + " {\"a\": 0, \"b\": 1}, \"merges\": [[\"a\", \"b\"]]}}");

    assertRefused(file).hasMessageContaining("does not go on with '####'");
  }

  @Test
  void anExpressionThatBacktracksIsRefused() throws IOException {
    Path file =
        file(
            "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                + " \"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\":"
                + " \"(a+)+$\"}, \"behavior\": \"Isolated\", \"invert\": false}}");

    assertRefused(file)
        .hasMessage(
            file
                + ": has a regular expression that has a group with a part that repeats without"
                + " end: (a+)+$");
  }

  @Test
  void aTableOfCharactersThatLeadsAstrayIsRefused() throws IOException {
    Path file =
        file(
            START
                + "\"x\": 1}, \"normalizer\": {\"type\": \"Precompiled\","
                + " \"precompiled_charsmap\": \"BAAAAAAAAAAA\"}}");

    assertRefused(file)
        .hasMessage(
            file
                + ": has 'normalizer' of type Precompiled with 'precompiled_charsmap':"
                + " \"BAAAAAAAAAAA\", which no published tokenizer has");
  }

  @Test
  void aTextWithoutATokenForTheUnknownIsBadInput() throws IOException {
    Path file =
        file(
            "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"[UNK]\","
                + " \"vocab\": {\"a\": 0}}}");

    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      assertThat(tokenizer.encode("a", 1).ids()).containsExactly(0);
      assertThatThrownBy(() -> tokenizer.encode("b", 1))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(file + ": cannot encode a text: ");
    }
  }

  private void refuses(String parts, String model, String fact) throws IOException {
    Path file =
        file(
            "{"
                + (parts.isEmpty() ? "" : parts + ", ")
                + "\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": []"
                + (model.isEmpty() ? "" : ", " + model)
                + "}}");

    assertRefused(file).hasMessage(file + ": has " + fact);
  }

  @Test
  void aModelThatDrawsItsTokensIsRefused() throws IOException {
    refuses(
        "",
        "\"dropout\": 0.5",
        "a model with 'dropout': 0.5: its tokens depend on chance, and so would scores");
  }

  private int[] encoded(String content, String text, int most) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.load(file(content))) {
      return tokenizer.encode(text, most).ids();
    }
  }

  @Test
  void aModelWithoutDropoutMayStateIt() throws IOException {
    String content =
        "{\"model\": {\"type\": \"BPE\", \"dropout\": 0.0, \"vocab\": {\"a\": 0},"
            + " \"merges\": []}}";

    assertThat(encoded(content, "aa", 1)).containsExactly(0, 0);
  }

  /** Files of the first years do not state the model's type: GPT-2's, BERT's. */
  @Test
  void aModelWithoutATypeIsKnownByItsFields() throws IOException {
    String content =
        "{\"model\": {\"dropout\": null, \"unk_token\": \"\", \"fuse_unk\": false,"
            + " \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [\"a b\"]}}";

    assertThat(encoded(content, "abb", 3)).containsExactly(2, 1);
  }

  @Test
  void replacementsThatMultiplyATextAreRefused() throws IOException {
    String replace =
        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aaaaaaaaaa\"}";

    refuses(
        "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": ["
            + replace
            + ", "
            + replace
            + "]}",
        "",
        "a normalizer that can make a text 100 times as long; at most 64 times");
  }

  @Test
  void bytesOfBytesOfBytesAreRefused() throws IOException {
    String bytes = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false},".repeat(8);

    refuses(
        "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": ["
            + bytes.substring(0, bytes.length() - 1)
            + "]}",
        "",
        "a normalizer that can make a text 256 times as long; at most 64 times");
  }

  @Test
  void aLongPrefixIsRefused() throws IOException {
    refuses(
        "\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"" + "a".repeat(65) + "\"}",
        "",
        "'normalizer' of type Prepend with 'prepend': \""
            + "a".repeat(65)
            + "\", which no published tokenizer has");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"normalizer\": {\"type\": \"ByteLevel\"}|'normalizer' of type 'ByteLevel', which no"
            + " published tokenizer has",
        "\"pre_tokenizer\": {\"type\": \"UnicodeScripts\"}|'pre_tokenizer' of type 'UnicodeScripts',"
            + " which no published tokenizer has",
        "\"decoder\": {\"type\": \"Strip\", \"content\": \" \", \"start\": 0, \"stop\": 9}|'decoder'"
            + " of type Strip with 'stop': 9, which no published tokenizer has",
        "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": []}|'post_processor' of"
            + " type TemplateProcessing with 'single': [], which no published tokenizer has",
        "\"pre_tokenizer\": {\"type\": \"Digits\", \"individual_digits\": 1}|'pre_tokenizer' of type"
            + " Digits with 'individual_digits': 1, which no published tokenizer has",
      })
  void whatNoPublishedTokenizerHasIsRefusedByName(String part, String fact) throws IOException {
    refuses(part, "", fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"nbest\": 3|a model with 'nbest', which no published tokenizer of type BPE has",
        "\"unk_token\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"|a"
            + " model's 'unk_token' of more than 64 bytes",
      })
  void aModelThatNoneHasIsRefusedByName(String option, String fact) throws IOException {
    refuses("", option, fact);
  }

  @Test
  void moreAddedTokensThanTheLibraryTakesInTimeAreRefused() throws IOException {
    StringBuilder added = new StringBuilder("\"added_tokens\": [");
    for (int i = 0; i < 24_577; i++) {
      added.append(i == 0 ? "" : ",").append("{\"id\": 0, \"content\": \"t" + i + "\"}");
    }
    refuses(added.append(']').toString(), "", "24577 added tokens; at most 24576");
  }

  @Test
  void halfASurrogatePairOfATextIsBadInput() throws IOException {
    Path file = file("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}");

    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      assertThatThrownBy(() -> tokenizer.encode("aa\ud83d", 1))
          .isInstanceOf(BadInputException.class)
          .hasMessage(file + ": cannot encode a text: half of a surrogate pair at character 2");
    }
  }

  /** The library would find it between the bytes of a character, and end the process. */
  @Test
  void anAddedTokenThatMayBecomeNothingIsRefused() throws IOException {
    refuses(
        "\"normalizer\": {\"type\": \"Strip\", \"strip_left\": false, \"strip_right\": true},"
            + " \"added_tokens\": [{\"id\": 1, \"content\": \"  \", \"normalized\": true}]",
        "",
        "an added token '  ' that its normalizer may leave nothing of");
  }

  @Test
  void spaceThatTwoAddedTokensWantIsRefused() throws IOException {
    refuses(
        "\"added_tokens\": [{\"id\": 1, \"content\": \" \", \"normalized\": false},"
            + " {\"id\": 0, \"content\": \"x\", \"normalized\": false, \"rstrip\": true}]",
        "",
        "an added token with 'rstrip' beside one that begins with white space");
  }
}

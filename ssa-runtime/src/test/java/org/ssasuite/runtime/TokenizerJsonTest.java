package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": not a tokenizer: ")
        .hasMessageContaining(fact);
  }

  @Test
  void aDeepDecoderIsRefused() throws IOException {
    Path file = file(START + "\"x\": " + "[".repeat(200) + "]".repeat(200) + "}}");

    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void aMergeWithoutTheModelsPrefixIsRefused() throws IOException {
    Path file =
        file(
            "{\"model\": {\"type\": \"BPE\", \"continuing_subword_prefix\": \"####\", \"vocab\":"
                + " {\"a\": 0, \"b\": 1}, \"merges\": [[\"a\", \"b\"]]}}");

    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not go on with '####'");
  }

  @Test
  void anExpressionThatBacktracksIsRefused() throws IOException {
    Path file =
        file(
            START
                + "\"x\": 1}, \"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\":"
                + " \"(a+)+$\"}, \"behavior\": \"Isolated\", \"invert\": false}}");

    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": the regular expression repeats a group");
  }

  @Test
  void aTableOfCharactersThatLeadsAstrayIsRefused() throws IOException {
    Path file =
        file(
            START
                + "\"x\": 1}, \"normalizer\": {\"type\": \"Precompiled\","
                + " \"precompiled_charsmap\": \"BAAAAAAAAAAA\"}}");

    assertThatThrownBy(() -> TextTokenizer.load(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": 'precompiled_charsmap' is no table of characters");
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
}

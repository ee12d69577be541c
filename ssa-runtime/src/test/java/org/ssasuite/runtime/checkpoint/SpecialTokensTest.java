package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

/** Each expected token is what transformers 4.53.3 says of the same files. */
class SpecialTokensTest {
  @TempDir Path folder;

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private static String text(Optional<SpecialTokens.Named> token) {
    return token.map(SpecialTokens.Named::text).orElse("none");
  }

  private String tokens() {
    SpecialTokens tokens = SpecialTokens.read(folder);
    return text(tokens.begin()) + " " + text(tokens.end());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"bos_token\": \"<u>\", \"eos_token\": \"</u>\"};<u> </u>",
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"};none none",
        "{\"tokenizer_class\": \"LlamaTokenizerFast\"};<s> </s>",
        "{\"tokenizer_class\": \"LlamaTokenizer\", \"bos_token\": null};none </s>",
        "{\"tokenizer_class\": \"GPT2Tokenizer\"};<|endoftext|> <|endoftext|>",
        "{\"tokenizer_class\": \"Qwen2Tokenizer\"};none <|endoftext|>",
        "{};<s> </s>",
        "{\"bos_token\": {\"__type\": \"AddedToken\", \"content\": \"a\"}};a </s>",
        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"bos_token\": \"\", \"eos_token\": \"e\"};none e",
      })
  void tokenizerConfigNamesThemOrItsClassDoes(String config, String tokens) throws IOException {
    write("tokenizer_config.json", config);

    assertThat(tokens()).isEqualTo(tokens);
  }

  @Test
  void withoutAFileTheyAreLlamas() {
    assertThat(tokens()).isEqualTo("<s> </s>");
  }

  @Test
  void theMapGoesBeforeTheConfig() throws IOException {
    write("tokenizer_config.json", "{\"bos_token\": \"b\", \"eos_token\": \"e\"}");
    write("special_tokens_map.json", "{\"bos_token\": {\"content\": \"m\"}}");

    assertThat(tokens()).isEqualTo("m e");
  }

  @Test
  void theMapMayTakeATokenAway() throws IOException {
    write("tokenizer_config.json", "{\"bos_token\": \"b\", \"eos_token\": \"e\"}");
    write("special_tokens_map.json", "{\"bos_token\": null}");

    assertThat(tokens()).isEqualTo("none e");
  }

  @Test
  void theMapIsNotReadBesideAConfigThatListsItsAddedTokens() throws IOException {
    write(
        "tokenizer_config.json",
        "{\"bos_token\": \"b\", \"eos_token\": \"e\", \"added_tokens_decoder\": {}}");
    write("special_tokens_map.json", "{\"bos_token\": \"m\"}");

    assertThat(tokens()).isEqualTo("b e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "true", "[\"a\"]", "{\"content\": 1}"})
  void whatIsNoTokenIsBadInput(String value) throws IOException {
    write("tokenizer_config.json", "{\"bos_token\": " + value + "}");

    assertThatThrownBy(() -> SpecialTokens.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.resolve("tokenizer_config.json") + ": 'bos_token' is ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"eos_token_id\": 5}|[5]",
        "{\"eos_token_id\": [5, 7]}|[5, 7]",
        "{\"eos_token_id\": null}|[]",
        "{}|[]",
      })
  void generationsEndWhereTheirOwnConfigSays(String config, String ends) throws IOException {
    write("config.json", "{\"eos_token_id\": 1}");
    write("generation_config.json", config);

    assertThat(SpecialTokens.read(folder).generationEnds().orElseThrow()).hasToString(ends);
  }

  @Test
  void withoutOneTheyEndWhereTheModelsConfigSays() throws IOException {
    write("config.json", "{\"eos_token_id\": null}");

    assertThat(SpecialTokens.read(folder).generationEnds()).isEmpty();
  }

  @Test
  void aConfigThatDoesNotSayHasLlamasEnd() throws IOException {
    write("config.json", "{}");

    assertThat(SpecialTokens.read(folder).generationEnds()).contains(List.of(2));
  }

  @Test
  void anEndThatIsNoIdIsBadInput() throws IOException {
    write("generation_config.json", "{\"eos_token_id\": [1, \"2\"]}");

    assertThatThrownBy(() -> SpecialTokens.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'eos_token_id' holds \"2\"; ids of tokens are needed");
  }
}

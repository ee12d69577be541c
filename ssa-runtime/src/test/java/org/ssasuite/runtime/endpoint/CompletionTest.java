package org.ssasuite.runtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;

class CompletionTest {
  private static final CompletionRequest WRITE =
      new CompletionRequest(
          "m", new Prompt.Ids(new int[] {5, 6, 7}), 4, List.of("\n"), false, false, true);
  private static final CompletionRequest RATE =
      new CompletionRequest(
          "m", new Prompt.Ids(new int[] {5, 6, 7}), 1, List.of(), true, true, false);

  private static final String WRITTEN =
      "{'id': 'c', 'object': 'text_completion', 'created': 1, 'model': 'm',"
          + " 'system_fingerprint': 'f1', 'choices': [{'text': ' to be', 'index': 0,"
          + " 'logprobs': null, 'finish_reason': 'stop'}],"
          + " 'usage': {'prompt_tokens': 3, 'completion_tokens': 2, 'total_tokens': 5}}";

  private static final String RATED =
      "{'model': 'm', 'choices': [{'text': 'a b c d', 'finish_reason': 'length', 'logprobs':"
          + " {'tokens': ['a', ' b', ' c', ' d'], 'token_logprobs': [null, -1.5, -0.25, -0.5],"
          + " 'top_logprobs': [null, {' x': -1.0, ' b': -1.5}, {' c': -0.25}, {' d': -0.5}],"
          + " 'text_offset': [0, 1, 3, 5]}}],"
          + " 'usage': {'prompt_tokens': 3, 'completion_tokens': 1}}";

  private static Completion read(String json, CompletionRequest asked) {
    return Completion.read("endpoint x", json.replace('\'', '"'), asked);
  }

  @Test
  void aCompletionIsRead() {
    Completion completion = read(WRITTEN, WRITE);

    assertThat(completion.text()).isEqualTo(" to be");
    assertThat(completion.ended()).isTrue();
    assertThat(completion.writtenTokens()).isEqualTo(2);
    assertThat(completion.fingerprint()).contains("f1");
  }

  @Test
  void ratingsAreRead() {
    TokenLog log = read(RATED, RATE).log().orElseThrow();

    assertThat(log.logProbabilities())
        .containsExactly(
            OptionalDouble.empty(),
            OptionalDouble.of(-1.5),
            OptionalDouble.of(-0.25),
            OptionalDouble.of(-0.5));
    assertThat(log.isBest(1)).isFalse();
    assertThat(log.isBest(2)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'model': 'm' | 'model': 'n' | answers as model n, and was asked for m",
        "'model': 'm', | | its answer does not say which 'model' gave it: not stated",
        "'prompt_tokens': 3 | 'prompt_tokens': 2 | read 2 tokens of a prompt of 3",
        "'prompt_tokens': 3, | | its answer has no 'usage' with a count of prompt_tokens",
        "'completion_tokens': 2 | 'completion_tokens': 5 | wrote 5 tokens, where 4 may be",
        "'finish_reason': 'stop' | 'finish_reason': 'length' | broke off after 2 tokens of 4",
        "'finish_reason': 'stop' | 'finish_reason': 'abort' | 'finish_reason' \"abort\", not stop",
        "'text': ' to be', | | its completion has no 'text': not stated",
        "' to be' | '\\ud800' | half of a surrogate pair",
        "'choices': [ | 'choices': [{}, | no 'choices' with one completion",
        "'id': 'c' | 'error': {'message': 'busy'} | answers with an error: \"busy\"",
        "'total_tokens': 5}} | 'total_ | not JSON",
      })
  void whatIsNoAnswerToTheQuestionIsRefused(String there, String here, String fact) {
    String spoilt = WRITTEN.replace(there, here == null ? "" : here);

    assertThat(spoilt).isNotEqualTo(WRITTEN);
    assertThatThrownBy(() -> read(spoilt, WRITE))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith("endpoint x: ")
        .contains(fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "-1.5, -0.25 | -1.5 | do not pair: 4 tokens, 3 'token_logprobs', 4 'top_logprobs'",
        "[null, -1.5 | [null, null | 'token_logprobs' has null at place 1",
        "[null, -1.5 | [null, NaN | 'token_logprobs' has \"NaN\" at place 1",
        "[null, -1.5 | [null, 0.5 | 'token_logprobs' has 0.5 at place 1",
        "[null, -1.5 | [null, -9999.0 | 'token_logprobs' has -9999.0 at place 1",
        "[null, -1.5 | [null, '-1.5' | 'token_logprobs' has \"-1.5\" at place 1",
        "{' x': -1.0, ' b': -1.5} | {' x': -2.0} | do not agree at place 1: -1.5 for the token",
        "{' x': -1.0, ' b': -1.5} | {} | 'top_logprobs' has {} at place 1",
        "'tokens' | 'token' | no list 'tokens'",
      })
  void whatIsNoRatingIsRefused(String there, String here, String fact) {
    String spoilt = RATED.replace(there, here);

    assertThat(spoilt).isNotEqualTo(RATED);
    assertThatThrownBy(() -> read(spoilt, RATE))
        .isInstanceOf(BadInputException.class)
        .message()
        .contains(fact);
  }

  @Test
  void aListOfModelsNamesTheNearest() {
    ServedList list =
        ServedList.read(
            "endpoint x", "{\"data\": [{\"id\": \"qwen-7b\", \"owned_by\": \"vllm\"}]}");

    assertThat(list.owner("endpoint x", "qwen-7b")).contains("vllm");
    assertThatThrownBy(() -> list.owner("endpoint x", "qwen-7"))
        .hasMessage("endpoint x: serves no model 'qwen-7', but qwen-7b; did you mean qwen-7b?");
  }
}

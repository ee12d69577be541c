package org.ssasuite.runtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class EndpointAddressTest {
  @Test
  void slashesAtTheEndAreNoPartOfIt() {
    EndpointAddress address = EndpointAddress.parse("http://host:8000/v1//");

    assertThat(address.route("/completions")).hasToString("http://host:8000/v1/completions");
    assertThat(address.rootRoute("/tokenize")).hasToString("http://host:8000/tokenize");
  }

  @Test
  void aFolderIsNoAddress() {
    assertThat(EndpointAddress.is("http/model")).isFalse();
    assertThat(EndpointAddress.is("HTTPS://host/v1")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:s3cret@host/v1",
        "http://host/v1?key=s3cret",
        "http://host/v1#s3cret",
        "http://host/v1 s3cret"
      })
  void whatMayBeSecretIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> EndpointAddress.parse(text))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith("--model: ")
        .doesNotContain("s3cret");
  }

  @Test
  void anAddressWithoutAHostIsRefused() {
    assertThatThrownBy(() -> EndpointAddress.parse("http:///v1"))
        .hasMessage("--model http:///v1: names no host");
  }

  @ParameterizedTest
  @CsvSource({"SSA_API_KEY", "OPENAI_API_KEY"})
  void aKeyThatNoHeaderTakesIsRefusedAndNotRepeated(String variable) {
    assertThatThrownBy(() -> ApiKey.of(Map.of(variable, "s3cret\n")))
        .hasMessage(variable + ": has characters that no key has");
  }

  @Test
  void ourOwnVariableComesFirst() {
    assertThat(ApiKey.of(Map.of("SSA_API_KEY", "a", "OPENAI_API_KEY", "b")).orElseThrow().header())
        .isEqualTo("Bearer a");
    assertThat(ApiKey.of(Map.of("SSA_API_KEY", ""))).isEmpty();
  }
}

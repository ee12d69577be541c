package org.ssasuite.runtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class HttpCallsTest {
  private static final int MOST_BYTES = 1_000;
  private static final Optional<ApiKey> KEY = ApiKey.of(Map.of("SSA_API_KEY", "sk-secret"));

  /** Waits that a test can afford. */
  private static final CallPolicy POLICY =
      new CallPolicy(1, Duration.ofSeconds(5), 3, Duration.ofMillis(5), Duration.ofSeconds(2));

  private static HttpCalls.Answer post(ScriptedServer server, CallPolicy policy) {
    return new HttpCalls("endpoint x", KEY)
        .post(server.address().route("/completions"), "{}", MOST_BYTES, policy, true);
  }

  private static HttpCalls.Answer post(ScriptedServer.Script script) {
    try (ScriptedServer server = new ScriptedServer(script)) {
      return post(server, POLICY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aServerThatIsBusyIsAskedAgain(int status) {
    HttpCalls.Answer answer = post(call -> call.answer(call.number() < 3 ? status : 200, "\"a\""));

    assertThat(answer).isEqualTo(new HttpCalls.Answer(200, "\"a\""));
  }

  @Test
  void aConnectionThatIsDroppedIsMadeAgain() {
    HttpCalls.Answer answer =
        post(
            call -> {
              if (call.number() == 1) {
                call.drop();
              } else if (call.number() == 2) {
                call.breakOff("{\"half\":", 100);
              } else {
                call.answer(200, "{}");
              }
            });

    assertThat(answer.body()).isEqualTo("{}");
  }

  @Test
  void theLastFaultIsToldAfterTheLastAttempt() {
    assertThatThrownBy(
            () -> post(call -> call.answer(503, "{\"error\": {\"message\": \"loading\"}}")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("endpoint x: HTTP 503: loading, the last of 3 attempts");
  }

  @Test
  void retryAfterIsWaitedFor() {
    long begun = System.nanoTime();
    post(
        call -> {
          if (call.number() == 1) {
            call.with("Retry-After", "1").answer(429, "");
          } else {
            call.answer(200, "{}");
          }
        });

    assertThat(System.nanoTime() - begun).isGreaterThan(990_000_000L);
  }

  @Test
  void aServerThatWantsToBeLeftAloneForLongIsNotWaitedFor() {
    assertThatThrownBy(() -> post(call -> call.with("Retry-After", "3600").answer(429, "")))
        .hasMessage("endpoint x: HTTP 429, to be asked again in 3600 seconds");
  }

  @Test
  void aBodyThatTricklesIsGivenUpInTime() {
    CallPolicy once =
        new CallPolicy(1, Duration.ofMillis(300), 1, Duration.ZERO, Duration.ofSeconds(1));
    try (ScriptedServer server =
        new ScriptedServer(
            call -> {
              call.exchange().sendResponseHeaders(200, 100);
              for (int i = 0; i < 100; i++) {
                call.exchange().getResponseBody().write(' ');
                call.exchange().getResponseBody().flush();
                pause();
              }
            })) {
      assertThatThrownBy(() -> post(server, once))
          .isInstanceOf(BadInputException.class)
          .hasMessage("endpoint x: no answer within 0 seconds");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRefusalIsAnAnswerAndNotAskedAgain() {
    try (ScriptedServer server =
        new ScriptedServer(call -> call.answer(400, "{\"message\": \"too long\"}"))) {
      assertThat(post(server, POLICY).text()).isEqualTo("HTTP 400: too long");
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void anAnswerWithoutAnEndIsRefused() {
    assertThatThrownBy(() -> post(call -> call.answer(200, " ".repeat(2 * MOST_BYTES))))
        .isInstanceOf(BadInputException.class)
        .hasMessage("endpoint x: gives an answer of more than 1000 bytes");
  }

  @Test
  void theKeyIsSentAndNeverShown() {
    HttpCalls.Answer answer =
        post(
            call ->
                call.answer(
                    400, "{\"detail\": \"no user with " + call.header("Authorization") + "\"}"));

    assertThat(answer.text()).isEqualTo("HTTP 400: no user with Bearer ***");
    assertThat(KEY.orElseThrow().toString()).isEqualTo("***");
  }

  @Test
  void aRedirectionIsNotFollowed() {
    try (ScriptedServer other = new ScriptedServer(call -> call.answer(200, "{}"))) {
      HttpCalls.Answer answer =
          post(
              call ->
                  call.with("Location", other.address().route("/completions").toString())
                      .answer(307, ""));

      assertThat(answer.text()).startsWith("HTTP 307: it redirects to http://127.0.0.1:");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void nobodyThereIsOneLine() {
    ScriptedServer server = new ScriptedServer(call -> call.answer(200, "{}"));
    server.close();

    assertThatThrownBy(() -> post(server, POLICY))
        .hasMessage("endpoint x: nobody answers there, the last of 3 attempts");
  }
}

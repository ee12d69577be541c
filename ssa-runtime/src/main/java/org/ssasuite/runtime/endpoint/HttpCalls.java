package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonDocument;

/**
 * Calls of a server. What it says about itself being busy or broken (408, 429, 5xx) and what gets
 * lost on the way is tried again, at growing distances or when it says; all else is its answer. It
 * is followed nowhere else: a redirection might take the key there. Safe for several threads.
 */
final class HttpCalls {
  private static final List<Integer> BUSY = List.of(408, 425, 429, 502, 503, 504, 529);

  /** What some servers also say to what they cannot do. */
  private static final int BROKEN = 500;

  private static final int OK = 200;
  private static final int CLIENT_ERRORS = 400;
  private static final int MOST_SAID = 300;
  private static final int MOST_CAUSES = 10;

  private final String subject;
  private final Optional<ApiKey> key;
  private final HttpClient client =
      HttpClient.newBuilder()
          // Servers for Python that are asked to upgrade to HTTP/2 have dropped bodies.
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /**
   * Calls of one server.
   *
   * @param subject what messages name
   */
  HttpCalls(String subject, Optional<ApiKey> key) {
    this.subject = subject;
    this.key = key;
  }

  /**
   * What a server answers.
   *
   * @param body of a refusal what it says, cut and without the key
   */
  record Answer(int status, String body) {
    boolean done() {
      return status == OK;
    }

    /** As {@code HTTP 422: ...}. */
    String text() {
      return "HTTP " + status + (body.isEmpty() ? "" : ": " + body);
    }
  }

  /**
   * Posts JSON.
   *
   * @param mostBytes of the answer
   * @param again500 whether status 500 is tried again as the others are
   * @throws BadInputException if nothing has come back after the last attempt
   */
  Answer post(URI to, String json, int mostBytes, CallPolicy policy, boolean again500) {
    return call(
        request(to)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8))
            .build(),
        mostBytes,
        policy,
        again500);
  }

  Answer get(URI from, int mostBytes, CallPolicy policy) {
    return call(request(from).GET().build(), mostBytes, policy, true);
  }

  private HttpRequest.Builder request(URI to) {
    HttpRequest.Builder request = HttpRequest.newBuilder(to).header("Accept", "application/json");
    key.ifPresent(one -> request.header("Authorization", one.header()));
    return request;
  }

  private Answer call(HttpRequest request, int mostBytes, CallPolicy policy, boolean again500) {
    for (int attempt = 1; ; attempt++) {
      Optional<Duration> asked = Optional.empty();
      String fault;
      try {
        HttpResponse<byte[]> response = send(request, mostBytes, policy.timeout());
        Answer answer = answer(response);
        boolean again = BUSY.contains(answer.status()) || (again500 && answer.status() == BROKEN);
        if (!again) {
          return answer;
        }
        fault = answer.text();
        asked = retryAfter(response, Instant.now());
      } catch (BoundedBody.TooLongException e) {
        throw new BadInputException(subject, "gives " + e.getMessage(), e);
      } catch (IOException e) {
        fault = fact(e);
      }
      Duration wait =
          asked.orElse(policy.waitBehind(attempt, ThreadLocalRandom.current().nextDouble(0.5, 1)));
      if (attempt >= policy.attempts() || wait.compareTo(policy.longestWait()) > 0) {
        String when =
            asked.isPresent() && attempt < policy.attempts()
                ? ", to be asked again in " + wait.toSeconds() + " seconds"
                : attempt == 1 ? "" : ", the last of " + attempt + " attempts";
        throw new BadInputException(subject, fault + when);
      }
      sleep(wait);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request, int mostBytes, Duration timeout)
      throws IOException {
    CompletableFuture<HttpResponse<byte[]>> coming =
        client.sendAsync(request, info -> new BoundedBody(mostBytes));
    try {
      // The client's own limit ends with the headers; a body may trickle for ever.
      return coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new IOException("no answer within " + timeout.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      throw fault(e);
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  /** What broke it; a body that is too long may be wrapped. */
  private static IOException fault(ExecutionException e) {
    Throwable each = e.getCause();
    for (int i = 0; i < MOST_CAUSES && each != null; i++, each = each.getCause()) {
      if (each instanceof BoundedBody.TooLongException tooLong) {
        return tooLong;
      }
    }
    return e.getCause() instanceof IOException fault
        ? fault
        : new IOException(String.valueOf(e.getCause()), e);
  }

  /** Another call of the same batch has failed, and this one is not needed any more. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void sleep(Duration wait) {
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  private static String fact(IOException e) {
    if (e instanceof ConnectException) {
      return "nobody answers there";
    }
    String said = e.getMessage();
    return said == null ? "the connection broke: " + e.getClass().getSimpleName() : said;
  }

  private Answer answer(HttpResponse<byte[]> response) {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    int status = response.statusCode();
    if (status == OK) {
      return new Answer(status, body);
    }
    Optional<String> location =
        status < CLIENT_ERRORS ? response.headers().firstValue("Location") : Optional.empty();
    String said = location.map(to -> "it redirects to " + to).orElseGet(() -> said(body));
    String shown = key.map(one -> one.hiddenIn(said)).orElse(said);
    return new Answer(
        status, shown.length() <= MOST_SAID ? shown : shown.substring(0, MOST_SAID) + "…");
  }

  /** The message of an error, wherever servers put it; else what is there. */
  private static String said(String body) {
    JsonNode tree;
    try {
      tree = JsonDocument.read("", body, JsonDocument.Keys.LAST_COUNTS);
    } catch (BadInputException e) {
      return body;
    }
    for (String place : List.of("/error/message", "/message", "/detail", "/error")) {
      JsonNode found = tree.at(place);
      if (found.isTextual()) {
        return found.textValue();
      }
    }
    return body;
  }

  /** Seconds, or a date. */
  static Optional<Duration> retryAfter(HttpResponse<?> response, Instant now) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(
            text -> {
              try {
                return Optional.of(Duration.ofSeconds(Math.max(0, Integer.parseInt(text))));
              } catch (NumberFormatException e) {
                return until(text, now);
              }
            });
  }

  private static Optional<Duration> until(String date, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(then.isBefore(now) ? Duration.ZERO : Duration.between(now, then));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}

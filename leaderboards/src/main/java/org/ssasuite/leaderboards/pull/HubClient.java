package org.ssasuite.leaderboards.pull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonDocument;

/**
 * Calls of a hub, by the routes of Hugging Face's. Redirections are followed by hand: the token
 * goes to the hub's own host alone. What gets lost or is refused for the moment is tried again.
 */
final class HubClient {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");
  private static final List<Integer> BUSY = List.of(408, 429, 500, 502, 503, 504);
  private static final List<Integer> ELSEWHERE = List.of(301, 302, 303, 307, 308);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int MOST_JSON_BYTES = 64 << 20;
  private static final int MOST_PAGES = 1_000;
  private static final int MOST_REDIRECTIONS = 10;

  private final URI hub;
  private final Optional<HubToken> token;
  private final Waits waits;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /**
   * How patient it is.
   *
   * @param attempts that bring nothing, one behind the other
   * @param first before the second attempt; doubled from one to the next
   * @param longest that this comes to; also the most that a hub may ask for
   * @param silence how long nothing may come of an answer
   */
  record Waits(int attempts, Duration first, Duration longest, Duration silence) {
    static Waits standard() {
      return new Waits(8, Duration.ofMillis(500), Duration.ofMinutes(2), Duration.ofSeconds(60));
    }

    private Duration behind(int attempt) {
      double millis =
          Math.min(first.toMillis() * Math.pow(2, attempt - 1), (double) longest.toMillis());
      return Duration.ofMillis(Math.round(millis * ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }
  }

  HubClient(URI hub, Optional<HubToken> token, Waits waits) {
    this.hub = hub;
    this.token = token;
    this.waits = waits;
  }

  /** The commit that a revision is now. */
  String commit(HubName name) {
    String json =
        json(name, route(api(name) + "/revision/" + name.revision().replace("/", "%2F"))).body();
    JsonNode sha = JsonDocument.read(name.text(), json, JsonDocument.Keys.ONCE).path("sha");
    if (!sha.isTextual() || !COMMIT.matcher(sha.textValue()).matches()) {
      throw new BadInputException(name.text(), "the hub does not say which commit it is: " + sha);
    }
    return sha.textValue();
  }

  private static String api(HubName name) {
    return "/api/" + name.kind().plural() + "/" + name.name();
  }

  /** All files of a commit. */
  List<HubFile> files(HubName name, String commit) {
    List<HubFile> files = new ArrayList<>();
    Optional<URI> page = Optional.of(route(api(name) + "/tree/" + commit + "?recursive=true"));
    for (int i = 0; page.isPresent(); i++) {
      if (i == MOST_PAGES) {
        throw new BadInputException(name.text(), "its tree has more than " + i + " pages");
      }
      Page read = json(name, page.get());
      files.addAll(HubFile.read(name.text(), read.body()));
      page = read.next();
    }
    return files;
  }

  /** Where a file's content is asked for. */
  URI content(HubName name, String commit, HubFile file) {
    String path =
        Stream.of(file.path().split("/"))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return route("/" + name.kind().before() + name.name() + "/resolve/" + commit + "/" + path);
  }

  private URI route(String path) {
    String base = hub.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private record Page(String body, Optional<URI> next) {}

  private Page json(HubName name, URI from) {
    for (int attempt = 1; ; attempt++) {
      Fault fault;
      try {
        HttpResponse<InputStream> response = send(from, 0);
        try (InputStream body = new WatchedStream(response.body(), waits.silence())) {
          if (response.statusCode() == OK) {
            byte[] bytes = body.readNBytes(MOST_JSON_BYTES + 1);
            if (bytes.length > MOST_JSON_BYTES) {
              throw new BadInputException(name.text(), "the hub's answer has no end");
            }
            return new Page(new String(bytes, StandardCharsets.UTF_8), next(from, response));
          }
          fault = refused(name, response);
        }
      } catch (IOException e) {
        fault = new Fault(fact(e), Optional.empty());
      }
      pause(name.text(), attempt, fault);
    }
  }

  private static Optional<URI> next(URI from, HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Link")
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(link -> from.resolve(link.group(1)));
  }

  /**
   * Why an attempt brought nothing.
   *
   * @param asked how long the hub wants to be left alone
   */
  private record Fault(String fact, Optional<Duration> asked) {}

  private static final Fault OTHER_PART =
      new Fault("another part comes than was asked for", Optional.empty());

  /** What takes a file's content. */
  interface Sink {
    /** How many bytes of it are there. */
    long bytes();

    /** Starts over, should the hub not go on where it was asked to. */
    void restart();

    /** Takes all that comes; an exception means that it may go on later. */
    void take(InputStream content) throws IOException;

    /** Whether all of it is there. */
    boolean whole();
  }

  /**
   * Brings a file's content, from where it is on; goes on where a connection breaks.
   *
   * @param subject what messages name
   * @throws BadInputException if it does not come, or what comes is not so long as was said
   */
  void bring(HubName name, String subject, URI from, Sink sink) {
    int attempt = 1;
    while (!sink.whole()) {
      long before = sink.bytes();
      Fault fault;
      try {
        HttpResponse<InputStream> response = send(from, before);
        try (InputStream body = new WatchedStream(response.body(), waits.silence())) {
          if (response.statusCode() == OK) {
            sink.restart();
            before = 0;
            fault = taken(body, sink);
          } else if (response.statusCode() == PARTIAL) {
            fault = isAsked(response, before) ? taken(body, sink) : OTHER_PART;
          } else {
            fault = refused(name, response);
          }
        }
      } catch (IOException e) {
        fault = new Fault(fact(e), Optional.empty());
      }
      if (sink.whole()) {
        return;
      }
      if (sink.bytes() > before) {
        attempt = 1;
      }
      pause(subject, attempt, fault);
      attempt++;
    }
  }

  /** Takes what comes; the fault counts where that is not all of it. */
  private static Fault taken(InputStream body, Sink sink) {
    try {
      sink.take(body);
      return new Fault("it ends before its time", Optional.empty());
    } catch (IOException e) {
      return new Fault("the connection broke: " + fact(e), Optional.empty());
    }
  }

  /** Whether a part begins where it was asked to. */
  private static boolean isAsked(HttpResponse<?> response, long from) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    return range.startsWith("bytes " + from + "-");
  }

  /** Follows redirections; the token goes to the hub's own host alone. */
  private HttpResponse<InputStream> send(URI first, long from) throws IOException {
    URI to = first;
    for (int i = 0; i <= MOST_REDIRECTIONS; i++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(to).timeout(waits.silence()).header("User-Agent", "ssa-suite");
      if (isHub(to)) {
        token.ifPresent(one -> request.header("Authorization", one.header()));
      }
      if (from > 0) {
        request.header("Range", "bytes=" + from + "-");
      }
      HttpResponse<InputStream> response = exchange(request.build());
      Optional<String> location = response.headers().firstValue("Location");
      if (!ELSEWHERE.contains(response.statusCode()) || location.isEmpty()) {
        return response;
      }
      response.body().close();
      to = elsewhere(to, location.get());
    }
    throw new IOException("more than " + MOST_REDIRECTIONS + " redirections");
  }

  private URI elsewhere(URI from, String location) throws IOException {
    try {
      URI to = from.resolve(location);
      boolean secret = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
      if (secret || to.getHost() == null) {
        throw new IOException("a redirection that leads off HTTPS, or nowhere");
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw new IOException("a redirection to what is no address", e);
    }
  }

  private boolean isHub(URI to) {
    return hub.getScheme().equals(to.getScheme())
        && hub.getHost().equals(to.getHost())
        && hub.getPort() == to.getPort();
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String fact(IOException e) {
    if (e instanceof ConnectException) {
      return "nobody answers there";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Of what may pass; all else ends it. */
  private Fault refused(HubName name, HttpResponse<?> response) {
    int status = response.statusCode();
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      throw new BadInputException(
          name.text(),
          "HTTP %d: there is none, or it is closed or behind terms to be agreed to; %s"
              .formatted(
                  status,
                  token.isPresent()
                      ? "the token in HF_TOKEN may not read it"
                      : "a token goes into HF_TOKEN"));
    }
    if (status == NOT_FOUND) {
      throw new BadInputException(
          name.text(), "HTTP 404: the hub has no such repository, revision or file");
    }
    if (!BUSY.contains(status)) {
      throw new BadInputException(name.text(), "the hub answers HTTP " + status);
    }
    return new Fault("HTTP " + status, seconds(response));
  }

  private static Optional<Duration> seconds(HttpResponse<?> response) {
    OptionalInt seconds =
        response
            .headers()
            .firstValue("Retry-After")
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(text -> OptionalInt.of(Integer.parseInt(text)))
            .orElse(OptionalInt.empty());
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
        : Optional.empty();
  }

  private void pause(String subject, int attempt, Fault fault) {
    Duration wait = fault.asked().orElseGet(() -> waits.behind(attempt));
    if (attempt >= waits.attempts() || wait.compareTo(waits.longest()) > 0) {
      throw new BadInputException(
          subject,
          fault.fact()
              + (attempt > 1 ? ", the last of " + attempt + " attempts" : "")
              + "; the same command goes on where it was");
    }
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

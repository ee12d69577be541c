package org.ssasuite.leaderboards.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A hub on this machine, by the routes of Hugging Face's. Mutable, one owner, closed once. */
final class LocalHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Set<String> pointers;
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());

  enum Trait {
    /** Each answer with content breaks off after 1,000 bytes. */
    DROPS,
    /** Does not go on amid a file, but starts over. */
    STARTS_OVER,
    /** Contents are other bytes than the tree states. */
    OTHER_BYTES,
    /** More comes than the tree states. */
    TOO_LONG,
    /** Every first request is refused with 429. */
    BUSY,
    /** Wants a token. */
    CLOSED,
    /** The tree has a path that leads out. */
    LEADS_OUT,
    /** The tree comes in pages of two. */
    PAGES,
    /** Breaks off for good. */
    BREAKS,
    /** The first answer with content comes to a stop after 1,000 bytes. */
    STALLS,
    /** Sends another part than it is asked for. */
    OTHER_PART
  }

  /**
   * A hub with one repository, {@code lab/tiny}.
   *
   * @param pointers paths whose contents lie behind a pointer, at another address
   */
  LocalHub(Map<String, byte[]> files, Set<String> pointers) {
    this.files.putAll(files);
    this.pointers = Set.copyOf(pointers);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  LocalHub with(Trait... more) {
    traits.addAll(List.of(more));
    return this;
  }

  void without(Trait trait) {
    traits.remove(trait);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The paths of all requests so far, with ranges. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** The tokens that came to the other address, which nobody may send any to. */
  List<String> tokensElsewhere() {
    return List.copyOf(tokens);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String range = exchange.getRequestHeaders().getFirst("Range");
    boolean first = !asked.contains(path);
    asked.add(path + (range == null ? "" : " " + range));
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (path.startsWith("/elsewhere/")) {
      if (token != null) {
        tokens.add(token);
      }
      content(exchange, path.substring("/elsewhere/".length()), range);
    } else if (traits.contains(Trait.CLOSED) && !"Bearer hf_secret".equals(token)) {
      text(exchange, 401, "{\"error\": \"Invalid username or password.\"}");
    } else if (traits.contains(Trait.BUSY) && first) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      text(exchange, 429, "");
    } else if (path.matches(
        "/api/(models|datasets)/lab/tiny/revision/(main|v1|refs/convert/parquet)")) {
      text(exchange, 200, "{\"id\": \"lab/tiny\", \"sha\": \"" + COMMIT + "\"}");
    } else if (path.matches("/api/(models|datasets)/lab/tiny/tree/" + COMMIT)) {
      tree(exchange);
    } else if (path.matches("/(datasets/)?lab/tiny/resolve/" + COMMIT + "/.*")) {
      resolve(exchange, path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1), range);
    } else {
      text(exchange, 404, "{\"error\": \"Repository not found\"}");
    }
  }

  private void tree(HttpExchange exchange) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add("{\"type\": \"directory\", \"oid\": \"" + COMMIT + "\", \"path\": \"a\"}");
    files.forEach((path, bytes) -> entries.add(entry(path, bytes)));
    if (traits.contains(Trait.LEADS_OUT)) {
      entries.add(entry("../../outside.json", new byte[1]));
    }
    if (!traits.contains(Trait.PAGES)) {
      text(exchange, 200, entries.toString());
      return;
    }
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
    int to = Math.min(entries.size(), from + 2);
    if (to < entries.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(address(), exchange.getRequestURI().getPath(), to));
    }
    text(exchange, 200, entries.subList(from, to).toString());
  }

  private String entry(String path, byte[] bytes) {
    String lfs =
        pointers.contains(path)
            ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                .formatted(digest("SHA-256", new byte[0], bytes), bytes.length)
            : "";
    byte[] header = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
    return "{\"type\": \"file\", \"path\": \"%s\", \"size\": %d, \"oid\": \"%s\"%s}"
        .formatted(path, bytes.length, digest("SHA-1", header, bytes), lfs);
  }

  private static String digest(String algorithm, byte[] before, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(before);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void resolve(HttpExchange exchange, String path, String range) throws IOException {
    if (!files.containsKey(path)) {
      text(exchange, 404, "Entry not found");
    } else if (pointers.contains(path)) {
      // Another name of this machine is another host.
      exchange
          .getResponseHeaders()
          .add(
              "Location",
              "http://localhost:" + server.getAddress().getPort() + "/elsewhere/" + path);
      text(exchange, 302, "");
    } else {
      content(exchange, path, range);
    }
  }

  private void content(HttpExchange exchange, String path, String range) throws IOException {
    byte[] bytes = files.get(path).clone();
    if (traits.contains(Trait.OTHER_BYTES)) {
      bytes[bytes.length / 2] ^= 1;
    }
    if (traits.contains(Trait.TOO_LONG)) {
      bytes = Arrays.copyOf(bytes, bytes.length + 10);
    }
    int from =
        range == null || traits.contains(Trait.STARTS_OVER)
            ? 0
            : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes "
                  + (from + (traits.contains(Trait.OTHER_PART) ? 1 : 0))
                  + "-"
                  + (bytes.length - 1)
                  + "/"
                  + bytes.length);
    }
    boolean stalls = length(bytes, from) > 1_000 && traits.remove(Trait.STALLS);
    int length = length(bytes, from);
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
    if (stalls) {
      exchange.getResponseBody().write(bytes, from, 1_000);
      exchange.getResponseBody().flush();
      return;
    }
    boolean drops = traits.contains(Trait.DROPS) || traits.contains(Trait.BREAKS);
    int sent = drops ? Math.min(length, 1_000) : length;
    if (traits.contains(Trait.BREAKS) && from > 0) {
      sent = 0;
    }
    exchange.getResponseBody().write(bytes, from, sent);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private static int length(byte[] bytes, int from) {
    return bytes.length - from;
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

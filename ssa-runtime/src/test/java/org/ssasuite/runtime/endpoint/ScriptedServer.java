package org.ssasuite.runtime.endpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that does as a test says. Mutable, one owner, closed once. */
final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** What is done with a request. */
  interface Script {
    void answer(Call call) throws IOException;
  }

  /**
   * A request that waits for its answer.
   *
   * @param number of the request, from 1
   */
  record Call(HttpExchange exchange, int number, String body) {
    String path() {
      return exchange.getRequestURI().getPath();
    }

    String header(String name) {
      return exchange.getRequestHeaders().getFirst(name);
    }

    void answer(int status, String json) throws IOException {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    Call with(String header, String value) {
      exchange.getResponseHeaders().add(header, value);
      return this;
    }

    /** Says how long the answer is, and ends before. */
    void breakOff(String json, int promised) throws IOException {
      exchange.sendResponseHeaders(200, promised);
      exchange.getResponseBody().write(json.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      exchange.close();
    }

    /** Says nothing at all. */
    void drop() {
      exchange.close();
    }
  }

  ScriptedServer(Script script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          int number;
          synchronized (asked) {
            asked.add(body);
            number = asked.size();
          }
          script.answer(new Call(exchange, number, body));
        });
    server.start();
  }

  EndpointAddress address() {
    return EndpointAddress.parse("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /** The bodies of all requests so far. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

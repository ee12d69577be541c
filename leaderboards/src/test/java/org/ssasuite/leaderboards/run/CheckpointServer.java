package org.ssasuite.leaderboards.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.GeneratedTokens;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.TokenLogProbs;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/** Completions of OpenAI's form by a checkpoint of ours. Mutable, one owner, closed once. */
final class CheckpointServer implements AutoCloseable {
  static final String SERVED = "lab/tiny";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SsaModel model;
  private final TextTokenizer tokenizer;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger completions = new AtomicInteger();
  private final boolean rates;

  /** Which completions, by their numbers from 1, are refused as by a busy server. */
  private volatile IntPredicate busy = number -> false;

  /** Which are answered by nothing but an error for good. */
  private volatile IntPredicate broken = number -> false;

  /**
   * Serves a folder.
   *
   * @param rates whether it gives log-probabilities
   */
  CheckpointServer(Path folder, boolean rates) throws IOException {
    this.rates = rates;
    model = SsaModel.load(Checkpoint.open(folder), RuntimeOptions.cpu(2), Optional.empty());
    tokenizer = TextTokenizer.load(folder.resolve("tokenizer.json"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/models", this::models);
    server.createContext("/v1/completions", this::completions);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** How many completions were asked for. */
  int asked() {
    return completions.get();
  }

  void isBusyAt(IntPredicate numbers) {
    busy = numbers;
  }

  void isBrokenAt(IntPredicate numbers) {
    broken = numbers;
  }

  private void models(HttpExchange exchange) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    answer.putArray("data").addObject().put("id", SERVED).put("owned_by", "ssa");
    answer(exchange, 200, answer.toString());
  }

  private void completions(HttpExchange exchange) throws IOException {
    int number = completions.incrementAndGet();
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    if (busy.test(number)) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      answer(exchange, 429, "{\"error\": {\"message\": \"later\"}}");
    } else if (broken.test(number)) {
      answer(exchange, 400, "{\"error\": {\"message\": \"never\"}}");
    } else if (!rates && request.has("logprobs")) {
      answer(exchange, 400, "{\"error\": {\"message\": \"no logprobs here\"}}");
    } else {
      answer(exchange, 200, completion(request));
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized String completion(JsonNode request) {
    int[] ids = new int[request.path("prompt").size()];
    Arrays.setAll(ids, i -> request.path("prompt").get(i).intValue());
    List<String> stops = new ArrayList<>();
    request.path("stop").forEach(stop -> stops.add(stop.textValue()));
    int most = request.path("max_tokens").intValue();
    GeneratedTokens written = model.generate(ids, new Full(), most, stops);
    ObjectNode answer = JSON.createObjectNode().put("model", SERVED);
    ObjectNode choice = answer.putArray("choices").addObject();
    boolean echo = request.path("echo").booleanValue();
    choice.put("text", written.text().orElseThrow());
    choice.put("finish_reason", written.ids().length < most ? "stop" : "length");
    answer
        .putObject("usage")
        .put("prompt_tokens", ids.length)
        .put("completion_tokens", written.ids().length);
    if (request.has("logprobs")) {
      log(choice.putObject("logprobs"), ids, written.ids(), echo);
    }
    return answer.toString();
  }

  private void log(ObjectNode log, int[] prompt, int[] written, boolean echo) {
    int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
    System.arraycopy(written, 0, all, prompt.length, written.length);
    TokenLogProbs rated = model.logProbabilities(all, new Full());
    ArrayNode tokens = log.putArray("tokens");
    ArrayNode own = log.putArray("token_logprobs");
    ArrayNode tops = log.putArray("top_logprobs");
    for (int i = echo ? 0 : prompt.length; i < all.length; i++) {
      tokens.add(tokenizer.decode(new int[] {all[i]}));
      if (i == 0) {
        own.addNull();
        tops.addNull();
      } else {
        own.add(rated.logProbability()[i - 1]);
        tops.addObject()
            .put("best", rated.argmaxLogProbability()[i - 1])
            .put("own", rated.logProbability()[i - 1]);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    model.close();
    tokenizer.close();
  }
}

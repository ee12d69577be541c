package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A server's model whose tokens are characters: token {@code c} is rated −c/10, and {@code a} is
 * written behind everything.
 *
 * @param traits in what it is unlike others
 */
record PretendedModel(Set<Trait> traits) implements ScriptedServer.Script {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  enum Trait {
    /** Prompts are texts alone. */
    TEXTS,
    /** No route shows how texts are read. */
    SECRETIVE,
    /** A token is put before each text. */
    LEADS,
    /** Texts are read in capitals. */
    OTHERWISE,
    /** Parameters that are not OpenAI's are an error. */
    STRICT,
    /** Log-probabilities are an error, status 500. */
    NO_LOGS,
    /** Of an echo nothing is rated. */
    NO_ECHO,
    /** Ratings stand one place too early. */
    SHIFTED,
    /** Not the most probable token is written. */
    DRAWS,
    /** One token less is read. */
    CUTS,
    /** There is no list of models. */
    UNLISTED,
    /** Wants a key. */
    CLOSED
  }

  PretendedModel(Trait... traits) {
    this(Set.of(traits));
  }

  private boolean is(Trait trait) {
    return traits.contains(trait);
  }

  @Override
  public void answer(ScriptedServer.Call call) throws IOException {
    if (is(Trait.CLOSED)) {
      call.answer(401, "{\"error\": {\"message\": \"no key\"}}");
      return;
    }
    switch (call.path()) {
      case "/v1/models" ->
          call.answer(
              is(Trait.UNLISTED) ? 404 : 200,
              "{\"data\": [{\"id\": \"m\", \"owned_by\": \"me\"}]}");
      case "/extras/tokenize" -> tokenize(call);
      case "/v1/completions" -> complete(call, JSON.readTree(call.body()));
      default -> call.answer(404, "");
    }
  }

  private void tokenize(ScriptedServer.Call call) throws IOException {
    if (is(Trait.SECRETIVE)) {
      call.answer(404, "");
      return;
    }
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode tokens = answer.putArray("tokens");
    read(JSON.readTree(call.body()).path("input").textValue()).forEach(tokens::add);
    call.answer(200, answer.toString());
  }

  private List<Integer> read(String text) {
    List<Integer> ids = new ArrayList<>();
    if (is(Trait.LEADS)) {
      ids.add(1);
    }
    text.chars().map(c -> is(Trait.OTHERWISE) && c == 'q' ? 'Q' : c).forEach(ids::add);
    return ids;
  }

  private void complete(ScriptedServer.Call call, JsonNode request) throws IOException {
    JsonNode prompt = request.path("prompt");
    if (is(Trait.TEXTS) == prompt.isArray()) {
      call.answer(422, "{\"detail\": \"a string is needed\"}");
    } else if (is(Trait.STRICT) && request.has("repeat_penalty")) {
      call.answer(400, "{\"error\": {\"message\": \"unknown: repeat_penalty\"}}");
    } else if (is(Trait.NO_LOGS) && request.has("logprobs")) {
      call.answer(500, "{\"error\": {\"message\": \"started without logits_all\"}}");
    } else {
      call.answer(200, completion(request, ids(prompt)));
    }
  }

  private List<Integer> ids(JsonNode prompt) {
    if (prompt.isTextual()) {
      return read(prompt.textValue());
    }
    List<Integer> ids = new ArrayList<>();
    prompt.forEach(id -> ids.add(id.intValue()));
    return ids;
  }

  private String completion(JsonNode request, List<Integer> prompt) throws JsonProcessingException {
    int most = request.path("max_tokens").intValue();
    boolean echo = request.path("echo").booleanValue() && !is(Trait.NO_ECHO);
    List<Integer> shown = new ArrayList<>(echo ? prompt : List.of());
    for (int i = 0; i < most; i++) {
      shown.add(is(Trait.DRAWS) ? (int) 'b' : (int) 'a');
    }
    ObjectNode answer = JSON.createObjectNode().put("model", "m");
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("text", text(shown)).put("finish_reason", "length");
    answer
        .putObject("usage")
        .put("prompt_tokens", prompt.size() - (is(Trait.CUTS) ? 1 : 0))
        .put("completion_tokens", most);
    if (request.has("logprobs")) {
      log(choice.putObject("logprobs"), shown, echo);
    }
    return JSON.writeValueAsString(answer);
  }

  private static String text(List<Integer> ids) {
    StringBuilder text = new StringBuilder();
    ids.forEach(text::appendCodePoint);
    return text.toString();
  }

  private void log(ObjectNode log, List<Integer> shown, boolean echo) {
    ArrayNode tokens = log.putArray("tokens");
    ArrayNode rated = log.putArray("token_logprobs");
    ArrayNode tops = log.putArray("top_logprobs");
    for (int i = 0; i < shown.size(); i++) {
      tokens.add(text(List.of(shown.get(i))));
      if (echo && i == 0) {
        rated.addNull();
        tops.addNull();
        continue;
      }
      int next = is(Trait.SHIFTED) ? Math.min(i + 1, shown.size() - 1) : i;
      double own = -shown.get(next) / 10.0 - (is(Trait.SHIFTED) && next == i ? 1 : 0);
      rated.add(own);
      tops.addObject().put("a", Math.max(own, -'a' / 10.0)).put("b", own);
    }
  }
}

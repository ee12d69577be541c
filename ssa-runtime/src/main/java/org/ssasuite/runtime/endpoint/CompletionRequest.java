package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/**
 * One request for completions: greedy, one answer.
 *
 * @param echo whether the prompt's tokens are to come back, rated
 * @param logs whether log-probabilities of tokens are to come back
 * @param plain whether servers are told, too, that the penalties are off which some of them have on
 *     by themselves; the parameters for it are not OpenAI's
 */
public record CompletionRequest(
    String served,
    Prompt prompt,
    int maxTokens,
    List<String> stops,
    boolean echo,
    boolean logs,
    boolean plain) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public CompletionRequest {
    Objects.requireNonNull(served);
    Objects.requireNonNull(prompt);
    stops = List.copyOf(stops);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at most " + maxTokens + " tokens");
    }
  }

  String json() {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", served);
    prompt.into(request);
    request.put("max_tokens", maxTokens);
    request.put("temperature", 0);
    request.put("top_p", 1);
    request.put("presence_penalty", 0);
    request.put("frequency_penalty", 0);
    if (plain) {
      request.put("repetition_penalty", 1);
      request.put("repeat_penalty", 1);
    }
    if (!stops.isEmpty()) {
      ArrayNode texts = request.putArray("stop");
      stops.forEach(texts::add);
    }
    if (echo) {
      request.put("echo", true);
    }
    if (logs) {
      request.put("logprobs", 1);
    }
    request.put("stream", false);
    return request.toString();
  }
}

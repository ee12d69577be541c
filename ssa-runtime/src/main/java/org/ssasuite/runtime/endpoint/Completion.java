package org.ssasuite.runtime.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.JsonDocument;

/**
 * A server's answer, held against what it was asked. Source: the OpenAPI description of OpenAI's
 * API, {@code CreateCompletionResponse}.
 *
 * @param ended whether the model or a stop string ended it, and not the limit
 * @param writtenTokens by the server's own count
 * @param log of the tokens, where it was asked for
 * @param fingerprint what the server says of itself
 */
public record Completion(
    String text,
    boolean ended,
    int promptTokens,
    int writtenTokens,
    Optional<TokenLog> log,
    Optional<String> fingerprint) {
  /** What some servers write for minus infinity, which JSON has not. */
  private static final double STAND_IN = -9_999;

  public Completion {
    Objects.requireNonNull(text);
    Objects.requireNonNull(log);
    Objects.requireNonNull(fingerprint);
  }

  /**
   * Reads an answer.
   *
   * @param subject what messages name
   * @throws BadInputException if it is none, or not one to this request
   */
  public static Completion read(String subject, String json, CompletionRequest asked) {
    return new Reading(subject, asked).read(json);
  }

  private record Reading(String subject, CompletionRequest asked) {
    Completion read(String json) {
      JsonNode answer = JsonDocument.read(subject, json, JsonDocument.Keys.ONCE);
      if (!answer.isObject()) {
        throw bad("its answer is no JSON object");
      }
      JsonNode error = answer.path("error");
      if (!error.isMissingNode() && !error.isNull()) {
        JsonNode message = error.path("message");
        throw bad("answers with an error: " + shown(message.isTextual() ? message : error));
      }
      requireModel(answer.path("model"));
      JsonNode choices = answer.path("choices");
      if (!choices.isArray() || choices.size() != 1 || !choices.get(0).isObject()) {
        throw bad("its answer has no 'choices' with one completion: " + shown(choices));
      }
      JsonNode choice = choices.get(0);
      JsonNode usage = answer.path("usage");
      int prompt = count(usage, "prompt_tokens");
      int written = usage.has("completion_tokens") ? count(usage, "completion_tokens") : 0;
      if (prompt != asked.prompt().tokens()) {
        throw bad("read %d tokens of a prompt of %d".formatted(prompt, asked.prompt().tokens()));
      }
      boolean ended = ended(choice.path("finish_reason"));
      requireLength(written, ended, usage.has("completion_tokens"));
      return new Completion(
          text(choice.path("text"), "text"),
          ended,
          prompt,
          written,
          asked.logs() ? Optional.of(log(choice.path("logprobs"))) : Optional.empty(),
          fingerprint(answer.path("system_fingerprint")));
    }

    private BadInputException bad(String fact) {
      return new BadInputException(subject, fact);
    }

    private void requireModel(JsonNode model) {
      if (!model.isTextual()) {
        throw bad("its answer does not say which 'model' gave it: " + shown(model));
      }
      if (!model.textValue().equals(asked.served())) {
        throw bad(
            "answers as model " + model.textValue() + ", and was asked for " + asked.served());
      }
    }

    private void requireLength(int written, boolean ended, boolean stated) {
      if (written > asked.maxTokens()) {
        throw bad("wrote %d tokens, where %d may be".formatted(written, asked.maxTokens()));
      }
      // Of an echo some count the prompt's tokens, others nothing.
      if (stated && !ended && !asked.echo() && written < asked.maxTokens()) {
        throw bad(
            "broke off after %d tokens of %d; its context may be too short"
                .formatted(written, asked.maxTokens()));
      }
    }

    private boolean ended(JsonNode reason) {
      if (reason.isTextual() && reason.textValue().equals("stop")) {
        return true;
      }
      if (reason.isTextual() && reason.textValue().equals("length")) {
        return false;
      }
      throw bad("its completion has 'finish_reason' " + shown(reason) + ", not stop or length");
    }

    private int count(JsonNode usage, String name) {
      JsonNode value = usage.path(name);
      if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
        throw bad("its answer has no 'usage' with a count of " + name + ": " + shown(value));
      }
      return value.intValue();
    }

    private String text(JsonNode value, String name) {
      if (!value.isTextual()) {
        throw bad("its completion has no '" + name + "': " + shown(value));
      }
      String text = value.textValue();
      if (HalfSurrogates.firstIn(text).isPresent()) {
        throw bad("'" + name + "' of its completion has half of a surrogate pair");
      }
      return text;
    }

    private Optional<String> fingerprint(JsonNode value) {
      return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private TokenLog log(JsonNode log) {
      JsonNode tokens = list(log, "tokens");
      JsonNode rated = list(log, "token_logprobs");
      JsonNode tops = list(log, "top_logprobs");
      if (tokens.size() != rated.size() || tokens.size() != tops.size()) {
        throw bad(
            "its log-probabilities do not pair: %d tokens, %d 'token_logprobs', %d 'top_logprobs'"
                .formatted(tokens.size(), rated.size(), tops.size()));
      }
      List<String> texts = new ArrayList<>();
      List<OptionalDouble> own = new ArrayList<>();
      List<OptionalDouble> best = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        texts.add(token(tokens.get(i), i));
        own.add(logProbability(rated.get(i), "token_logprobs", i));
        best.add(best(tops.get(i), own.get(i), i));
      }
      return new TokenLog(texts, own, best);
    }

    private JsonNode list(JsonNode log, String name) {
      JsonNode list = log.path(name);
      if (!list.isArray()) {
        throw bad("its completion has no list '" + name + "' of log-probabilities");
      }
      return list;
    }

    /** A token that ends within a character may be half of a pair. */
    private String token(JsonNode token, int place) {
      if (!token.isTextual()) {
        throw bad("'tokens' has " + shown(token) + " at place " + place);
      }
      return token.textValue();
    }

    private OptionalDouble logProbability(JsonNode value, String list, int place) {
      if (value.isNull() && place == 0) {
        return OptionalDouble.empty();
      }
      double x = value.isNumber() ? value.doubleValue() : Double.NaN;
      if (!(x <= TokenLog.ROUNDING) || x <= STAND_IN) {
        throw bad(
            "'%s' has %s at place %d; a log-probability is needed"
                .formatted(list, shown(value), place));
      }
      return OptionalDouble.of(x);
    }

    /** The best one is among them, and none is better than it. */
    private OptionalDouble best(JsonNode tops, OptionalDouble own, int place) {
      if (own.isEmpty()) {
        return OptionalDouble.empty();
      }
      if (!tops.isObject() || tops.isEmpty()) {
        throw bad("'top_logprobs' has " + shown(tops) + " at place " + place);
      }
      double most = Double.NEGATIVE_INFINITY;
      for (JsonNode top : tops) {
        most =
            Math.max(most, logProbability(top, "top_logprobs", Math.max(1, place)).getAsDouble());
      }
      if (own.getAsDouble() > most + TokenLog.ROUNDING) {
        throw bad(
            "its log-probabilities do not agree at place %d: %s for the token, %s for the best one"
                .formatted(place, own.getAsDouble(), most));
      }
      return OptionalDouble.of(most);
    }

    private static String shown(JsonNode value) {
      return value.isMissingNode() ? "not stated" : value.toString();
    }
  }
}

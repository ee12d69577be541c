package org.ssasuite.runtime.endpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;

/**
 * A model behind an address, and what its server can. Every answer is held against its question.
 * Safe for several threads.
 */
public final class Endpoint {
  private static final int LEAST_BYTES = 4 << 20;

  /** A token has its text twice, its log-probabilities and the best one's text. */
  private static final long BYTES_PER_TOKEN = 2_048;

  private static final int MOST_BYTES = 1 << 30;

  private final EndpointAddress address;
  private final String served;
  private final HttpCalls calls;
  private final CallPolicy policy;
  private final Abilities abilities;
  private final Function<int[], List<String>> texts;

  /**
   * One that was looked at.
   *
   * @param served the model's name there
   * @param abilities what was found
   * @param texts that may be read as some ids, the likeliest first
   */
  public Endpoint(
      EndpointAddress address,
      String served,
      Optional<ApiKey> key,
      CallPolicy policy,
      Abilities abilities,
      Function<int[], List<String>> texts) {
    this.address = Objects.requireNonNull(address);
    this.served = Objects.requireNonNull(served);
    this.calls = new HttpCalls(subject(address), key);
    this.policy = Objects.requireNonNull(policy);
    this.abilities = Objects.requireNonNull(abilities);
    this.texts = Objects.requireNonNull(texts);
  }

  /** What messages name. */
  static String subject(EndpointAddress address) {
    return "endpoint " + address;
  }

  public Abilities abilities() {
    return abilities;
  }

  /** How many calls may be under way at once. */
  public int concurrency() {
    return policy.concurrency();
  }

  /**
   * What a server reads of ids.
   *
   * @throws BadInputException if it takes texts, and none of those that could be meant is read as
   *     these ids
   */
  public Prompt prompt(int[] ids) {
    if (abilities.texts().isEmpty()) {
      return new Prompt.Ids(ids);
    }
    int[] other = ids;
    for (String text : texts.apply(ids)) {
      int[] read = read(text, abilities.texts().get());
      if (Arrays.equals(read, ids)) {
        return new Prompt.Text(text, ids.length);
      }
      other = read;
    }
    throw new BadInputException(subject(address), otherwise(ids, other));
  }

  private static String otherwise(int[] ids, int[] read) {
    int at = Arrays.mismatch(ids, read);
    return at < 0
        ? "takes prompts as texts, and none is read as the ids that are meant"
        : "takes prompts as texts, and reads one of %d tokens otherwise: %s at place %d, not %s (%d tokens)"
            .formatted(ids.length, at(read, at), at, at(ids, at), read.length);
  }

  private static String at(int[] ids, int place) {
    return place < ids.length ? "token " + ids[place] : "none";
  }

  private int[] read(String text, TokenizeRoute route) {
    HttpCalls.Answer answer =
        calls.post(
            address.rootRoute(route.path()),
            route.json(served, text),
            bytes(text.length()),
            policy,
            true);
    requireDone(answer);
    return TokenizeRoute.read(subject(address), answer.body());
  }

  /**
   * Writes on, greedily.
   *
   * @param logs whether the tokens that are written are wanted
   * @throws BadInputException for an answer that is none to this question, or none at all
   */
  public Completion write(Prompt prompt, int maxTokens, List<String> stops, boolean logs) {
    Completion completion =
        complete(
            new CompletionRequest(
                served, prompt, maxTokens, stops, false, logs, abilities.plain()));
    stops.stream()
        .filter(stop -> completion.text().contains(stop))
        .findFirst()
        .ifPresent(
            stop -> {
              throw new BadInputException(
                  subject(address), "went on behind the stop string '" + stop + "'");
            });
    return completion;
  }

  /**
   * Rates a prompt's tokens.
   *
   * @return an entry for each, perhaps one more
   * @throws BadInputException for an answer that is none to this question, or none at all
   */
  public TokenLog rate(Prompt prompt) {
    Completion completion =
        complete(
            new CompletionRequest(served, prompt, 1, List.of(), true, true, abilities.plain()));
    TokenLog log = completion.log().orElseThrow();
    echoed(log, prompt.tokens())
        .ifPresent(
            fact -> {
              throw new BadInputException(subject(address), fact);
            });
    return log;
  }

  /** What is wrong with the ratings of a prompt. */
  static Optional<String> echoed(TokenLog log, int tokens) {
    return log.size() == tokens || log.size() == tokens + 1
        ? Optional.empty()
        : Optional.of("rates %d tokens of a prompt of %d".formatted(log.size(), tokens));
  }

  private Completion complete(CompletionRequest request) {
    HttpCalls.Answer answer =
        calls.post(
            address.route("/completions"),
            request.json(),
            bytes((long) request.prompt().tokens() + request.maxTokens()),
            policy,
            true);
    requireDone(answer);
    Completion completion = Completion.read(subject(address), answer.body(), request);
    if (!completion.fingerprint().equals(abilities.fingerprint())) {
      throw new BadInputException(
          subject(address),
          "is another server than when the run began: its system_fingerprint is %s, was %s"
              .formatted(stated(completion.fingerprint()), stated(abilities.fingerprint())));
    }
    return completion;
  }

  private static String stated(Optional<String> fingerprint) {
    return fingerprint.orElse("not stated");
  }

  private void requireDone(HttpCalls.Answer answer) {
    if (!answer.done()) {
      throw new BadInputException(subject(address), "answers " + answer.text());
    }
  }

  static int bytes(long tokens) {
    return (int) Math.min(MOST_BYTES, LEAST_BYTES + BYTES_PER_TOKEN * tokens);
  }
}

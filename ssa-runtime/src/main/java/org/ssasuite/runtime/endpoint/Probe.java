package org.ssasuite.runtime.endpoint;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;

/**
 * Finds out what a server can, by a short prompt, before anything runs: whether it takes token ids,
 * whether its log-probabilities are those of the tokens that they stand beside, whether it writes
 * the most probable token.
 */
public final class Probe {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int WRITTEN = 3;
  private static final int ATTEMPTS = 4;

  private final EndpointAddress address;
  private final String served;
  private final HttpCalls calls;
  private final CallPolicy policy;
  private final Function<int[], List<String>> texts;

  /** How it refused forms of the prompt. */
  private final List<BadInputException> refusals = new ArrayList<>();

  /** Answers to forms of the prompt that cannot be believed. */
  private final List<BadInputException> lies = new ArrayList<>();

  private Probe(
      EndpointAddress address,
      String served,
      Optional<ApiKey> key,
      CallPolicy policy,
      Function<int[], List<String>> texts) {
    this.address = address;
    this.served = served;
    this.calls = new HttpCalls(Endpoint.subject(address), key);
    this.policy = policy;
    this.texts = texts;
  }

  /**
   * Looks at a server.
   *
   * @param served the model's name there
   * @param ids of a short text
   * @param texts that may be read as some ids, the likeliest first
   * @throws BadInputException if there is no such model, or its answers cannot be believed
   */
  public static Abilities of(
      EndpointAddress address,
      String served,
      Optional<ApiKey> key,
      CallPolicy policy,
      int[] ids,
      Function<int[], List<String>> texts) {
    return new Probe(address, served, key, policy, texts).abilities(ids);
  }

  /** A prompt that the server took, and how. */
  private record Taken(
      Prompt prompt, boolean plain, Optional<TokenizeRoute> texts, Completion completion) {}

  private Abilities abilities(int[] ids) {
    Optional<String> owner = owner();
    Taken taken = taken(ids);
    return new Abilities(
        taken.texts(),
        taken.plain(),
        noRatings(taken),
        noLog(taken),
        owner,
        taken.completion().fingerprint());
  }

  private String subject() {
    return Endpoint.subject(address);
  }

  private BadInputException bad(String fact) {
    return new BadInputException(subject(), fact);
  }

  /** Of a server that lists its models; others show by their answers what they serve. */
  private Optional<String> owner() {
    HttpCalls.Answer answer =
        calls.get(address.route("/models"), Endpoint.bytes(0), policy.attempting(ATTEMPTS));
    requireAllowed(answer);
    return answer.done()
        ? ServedList.read(subject(), answer.body()).owner(subject(), served)
        : Optional.empty();
  }

  private void requireAllowed(HttpCalls.Answer answer) {
    if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
      throw bad("wants a key, in SSA_API_KEY: " + answer.text());
    }
  }

  private Taken taken(int[] ids) {
    Prompt.Ids whole = new Prompt.Ids(ids);
    Optional<Taken> byIds =
        taken(whole, true, Optional.empty()).or(() -> taken(whole, false, Optional.empty()));
    if (byIds.isPresent()) {
      return byIds.get();
    }
    for (TokenizeRoute route : TokenizeRoute.values()) {
      Optional<Prompt.Text> text = text(ids, route);
      if (text.isPresent()) {
        Optional<TokenizeRoute> by = Optional.of(route);
        return taken(text.get(), true, by)
            .or(() -> taken(text.get(), false, by))
            .orElseThrow(() -> lies.isEmpty() ? refusals.get(0) : lies.get(0));
      }
    }
    if (!lies.isEmpty()) {
      throw lies.get(0);
    }
    throw new BadInputException(
        subject(),
        "takes no token ids as prompts, and does not show how it reads texts: "
            + factOf(refusals.get(0)),
        refusals.get(0));
  }

  private Optional<Taken> taken(Prompt prompt, boolean plain, Optional<TokenizeRoute> by) {
    CompletionRequest request =
        new CompletionRequest(served, prompt, WRITTEN, List.of(), false, false, plain);
    HttpCalls.Answer answer = post(request);
    if (!answer.done()) {
      refusals.add(bad("answers " + answer.text()));
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Taken(prompt, plain, by, Completion.read(subject(), answer.body(), request)));
    } catch (BadInputException e) {
      lies.add(e);
      return Optional.empty();
    }
  }

  private HttpCalls.Answer post(CompletionRequest request) {
    HttpCalls.Answer answer = post(address.route("/completions"), request.json());
    requireAllowed(answer);
    if (answer.status() == NOT_FOUND) {
      throw bad("has no /completions for model '" + served + "': " + answer.text());
    }
    return answer;
  }

  /** What a server cannot do some call a fault of their own, which no repetition would heal. */
  private HttpCalls.Answer post(URI to, String json) {
    return calls.post(to, json, Endpoint.bytes(0), policy.attempting(ATTEMPTS), false);
  }

  /** A text that is read as the ids, or as these behind one that begins every text there. */
  private Optional<Prompt.Text> text(int[] ids, TokenizeRoute route) {
    for (String text : texts.apply(ids)) {
      HttpCalls.Answer answer = post(address.rootRoute(route.path()), route.json(served, text));
      if (!answer.done()) {
        return Optional.empty();
      }
      int[] read = TokenizeRoute.read(subject(), answer.body());
      int lead = read.length - ids.length;
      if ((lead == 0 || lead == 1) && Arrays.equals(read, lead, read.length, ids, 0, ids.length)) {
        return Optional.of(new Prompt.Text(text, read.length));
      }
    }
    throw bad("reads texts otherwise than the folder's tokenizer, by its " + route.path());
  }

  private Optional<String> noRatings(Taken taken) {
    CompletionRequest request =
        new CompletionRequest(served, taken.prompt(), 1, List.of(), true, true, taken.plain());
    return lack(
        request,
        completion -> {
          TokenLog log = completion.log().orElseThrow();
          int tokens = taken.prompt().tokens();
          Optional<String> fault = Endpoint.echoed(log, tokens);
          boolean aligned = log.size() == tokens || (fault.isEmpty() && isBest(log, tokens));
          return fault.isPresent() || aligned
              ? fault
              : Optional.of("its log-probabilities are not of the tokens that they stand beside");
        });
  }

  private Optional<String> noLog(Taken taken) {
    CompletionRequest request =
        new CompletionRequest(
            served, taken.prompt(), WRITTEN, List.of(), false, true, taken.plain());
    return lack(
        request,
        completion -> {
          TokenLog log = completion.log().orElseThrow();
          if (log.size() == 0) {
            return Optional.of("none of the tokens that it writes");
          }
          if (!isBest(log, 0)) {
            throw bad("writes another token than the most probable one at temperature 0");
          }
          return Optional.empty();
        });
  }

  /** Within what servers round away. */
  private static boolean isBest(TokenLog log, int place) {
    OptionalDouble own = log.logProbabilities().get(place);
    OptionalDouble best = log.best().get(place);
    return own.isEmpty()
        || best.isEmpty()
        || own.getAsDouble() >= best.getAsDouble() - TokenLog.ROUNDING;
  }

  /** Why a server does not answer a request as it should; absent: it does. */
  private Optional<String> lack(
      CompletionRequest request, Function<Completion, Optional<String>> fault) {
    HttpCalls.Answer answer = post(request);
    if (!answer.done()) {
      return Optional.of(answer.text());
    }
    Completion completion;
    try {
      completion = Completion.read(subject(), answer.body(), request);
    } catch (BadInputException e) {
      return Optional.of(factOf(e));
    }
    return fault.apply(completion);
  }

  private String factOf(BadInputException e) {
    String message = e.getMessage();
    String before = subject() + ": ";
    return message.startsWith(before) ? message.substring(before.length()) : message;
  }
}

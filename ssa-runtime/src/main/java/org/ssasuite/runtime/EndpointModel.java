package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.runtime.endpoint.Endpoint;
import org.ssasuite.runtime.endpoint.Prompt;
import org.ssasuite.runtime.endpoint.TokenLog;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/**
 * A model that a server computes, asked by the same ids as one that is computed here. Several calls
 * are under way at once; what comes back is in the order asked. Nothing is seen of its attention.
 * Mutable inside: one owner, one call at a time, closed once.
 */
public final class EndpointModel implements LanguageModel {
  private final ModelCard card;
  private final Endpoint endpoint;
  private final EndpointTexts texts;
  private final Plans plans;
  private final ExecutorService callers;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();

  /**
   * A model behind an endpoint.
   *
   * @param texts its tokenizer, which stays its owner's
   * @param encoded what other models of the run have encoded
   */
  public EndpointModel(
      ModelCard card, Endpoint endpoint, EndpointTexts texts, EncodedTexts encoded) {
    this.card = card;
    this.endpoint = endpoint;
    this.texts = texts;
    this.plans = new Plans(texts.basis(encoded), new Full());
    this.callers =
        Executors.newFixedThreadPool(
            endpoint.concurrency(),
            work -> {
              Thread thread = new Thread(work, "endpoint");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public boolean observes(Observation<?> asked) {
    return false;
  }

  /** So many that no call has to wait for another one's answer. */
  @Override
  public int leastTogether() {
    return endpoint.concurrency();
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    requests.forEach(this::requireAnswerable);
    List<Plan> all = requests.stream().map(plans::of).toList();
    List<List<Future<Answered>>> coming =
        all.stream().map(plan -> calls(plan).stream().map(callers::submit).toList()).toList();
    List<Response> answers = new ArrayList<>();
    try {
      for (int i = 0; i < all.size(); i++) {
        List<Answered> answered = new ArrayList<>();
        for (Future<Answered> one : coming.get(i)) {
          answered.add(joined(one));
        }
        answers.add(answer(all.get(i), answered));
      }
    } finally {
      coming.forEach(some -> some.forEach(one -> one.cancel(true)));
    }
    return answers;
  }

  /** What a task asks on the strength of answers could not be known before. */
  private void requireAnswerable(Request<?> request) {
    if (request instanceof CompareDocument) {
      throw new BadInputException("model " + card.name(), "compares no modes: it has full alone");
    }
    EndpointNeeds.of(request)
        .lack(endpoint.abilities())
        .ifPresent(
            fact -> {
              throw new BadInputException("model " + card.name(), fact);
            });
  }

  private static Answered joined(Future<Answered> coming) {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException("a call failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What came back of one call. */
  private sealed interface Answered permits Rated, Written {}

  /**
   * Ratings of a pass.
   *
   * @param best whether all rated tokens were the most probable ones
   */
  @SuppressWarnings("ArrayRecordComponent") // made here, read once
  private record Rated(float[] logProbability, boolean best) implements Answered, RatedPass {
    @Override
    public boolean greedy(int[] targets) {
      return best;
    }
  }

  private record Written(EndpointWriting writing) implements Answered {}

  private List<Callable<Answered>> calls(Plan plan) {
    if (plan instanceof Plan.Rating rating) {
      return rating.passes().stream().<Callable<Answered>>map(pass -> () -> rate(pass)).toList();
    }
    return List.of(() -> write(((Plan.Writing) plan).job()));
  }

  private Response answer(Plan plan, List<Answered> answered) {
    return plan instanceof Plan.Rating rating
        ? rating.reader().read(answered.stream().map(one -> (Rated) one).toList())
        : ((Written) answered.get(0)).writing().generation(((Plan.Writing) plan).fit());
  }

  /** The last of the pass's successors stands in no pass that is computed here, but in a prompt. */
  private Rated rate(Pass pass) {
    int n = pass.tokens().length + 1;
    int rated = pass.targets().length;
    int[] ids = Arrays.copyOf(pass.tokens(), n);
    ids[n - 1] = pass.targets()[rated - 1];
    Prompt prompt = endpoint.prompt(ids);
    TokenLog log = endpoint.rate(prompt);
    count(n);
    float[] own = new float[rated];
    for (int i = 0; i < rated; i++) {
      own[i] = (float) log.logProbabilities().get(n - rated + i).orElseThrow();
    }
    return new Rated(own, IntStream.range(n - rated, n).allMatch(log::isBest));
  }

  private Written write(GreedyDecoder.Job job) {
    EndpointWriting writing = EndpointWriting.of(endpoint, texts.tokenizer(), job);
    count((long) job.prompt().length + writing.tokens());
    return new Written(writing);
  }

  private void count(long more) {
    calls.incrementAndGet();
    tokens.addAndGet(more);
  }

  /** By the calls that were answered, and the tokens in them. */
  @Override
  public Work work() {
    return new Work(calls.get(), tokens.get(), 0);
  }

  @Override
  public void close() {
    callers.shutdownNow();
  }
}

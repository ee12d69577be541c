package org.ssasuite.tasks.commonsense;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/**
 * Multiple choice with shots, request for request as EleutherAI/lm-evaluation-harness 0.4.9: {@code
 * piqa}, {@code hellaswag}, {@code arc_easy}, {@code arc_challenge}, {@code winogrande}; and {@code
 * hellaswag-valshots}, whose shots are the last records of the validation split, which it does not
 * score (1,000 of them, two fifths of a smaller file). Shots are the SSA paper's, the seed of their
 * draws is the reference's, where an order says nothing. Data: {@code arc/}, {@code piqa/}, {@code
 * hellaswag/}, {@code winogrande/}, whose files may be packed ({@code .gz}, {@code .xz}, {@code
 * .zst}).
 */
public final class CommonsenseTasks implements TaskModule {
  /** The reference's seed where nobody says otherwise. */
  static final long DEFAULT_SEED = 1234;

  private static final String SUITE = "commonsense";
  private static final int VERSION = 1;

  private static final List<TaskOffer> OFFERS =
      Benchmark.ALL.stream().<TaskOffer>map(Offer::new).toList();

  @Override
  public List<TaskOffer> offers() {
    return OFFERS;
  }

  @Override
  public List<String> suites() {
    return List.of(SUITE);
  }

  /**
   * Each benchmark once. HellaSwag is {@code hellaswag} where the data hold what its shots are
   * drawn from, else {@code hellaswag-valshots}.
   */
  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    String other = Benchmark.otherHellaSwag(supplies.data(), wishes.shots());
    return OFFERS.stream().filter(offer -> !offer.name().equals(other)).toList();
  }

  /** A benchmark's task. */
  private record Offer(Benchmark benchmark) implements TaskOffer {
    @Override
    public TaskId id() {
      return new TaskId(SUITE, benchmark.label(), VERSION);
    }

    @Override
    public Takes takes() {
      return new Takes(
          false, true, true, false, Set.of(BosOrder.OWN, ChatOrder.OWN, ChatOrder.DATE));
    }

    /** Without shots nothing is drawn, so that every seed gives the same task. */
    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      int shots = order.shots().orElse(benchmark.defaultShots());
      long seed = shots == 0 ? DEFAULT_SEED : order.seed().orElse(DEFAULT_SEED);
      return order.withShots(shots).withSeed(seed);
    }

    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      int shots = order.shots().orElseThrow();
      long seed = order.seed().orElseThrow();
      Material material = benchmark.read(supplies.data(), shots > 0);
      Optional<Chat> chat = ChatOrder.chat(order, supplies);
      return BosOrder.withoutByItself(
          order,
          new ChoiceTask(
              id().in(variant),
              ChatOrder.said(benchmark.protocol(shots, seed), chat),
              material.digest(),
              ShotDraws.items(benchmark, material, shots, seed),
              benchmark.metrics(),
              chat));
    }

    @Override
    public List<String> published(TaskOrder order, Supplies supplies) {
      return benchmark.published(supplies.data(), order.shots().orElseThrow() > 0);
    }

    /** All choices of a document one behind the other. */
    @Override
    public Stream<String> lines(TaskOrder order, Supplies supplies) {
      return items(order, supplies.data()).stream()
          .limit(order.limit().orElse(Integer.MAX_VALUE))
          .flatMap(item -> CommonsenseTasks.lines(item, ChatOrder.chat(order, supplies)));
    }

    /**
     * {@code fewshot}, 32 hex digits: SHA-256 of the lines that Python's {@code
     * json.dumps([context, continuation])} gives, in the documents' order. Without shots {@code
     * lm-eval} too, 64 hex digits: what lm-evaluation-harness 0.3.0 keeps, the documents shuffled,
     * and all requests as one JSON list.
     */
    @Override
    public List<String> fingerprints(TaskOrder order, Supplies supplies) {
      List<ChoiceItem> items = items(order, supplies.data());
      List<String> digests = new ArrayList<>(List.of("fewshot " + RequestDigests.fewshot(items)));
      if (order.shots().orElseThrow() == 0) {
        digests.add("lm-eval " + RequestDigests.harness(items));
      }
      return digests;
    }

    private List<ChoiceItem> items(TaskOrder order, Path data) {
      int shots = order.shots().orElseThrow();
      return ShotDraws.items(
          benchmark, benchmark.read(data, shots > 0), shots, order.seed().orElseThrow());
    }
  }

  private static Stream<String> lines(ChoiceItem item, Optional<Chat> chat) {
    List<RateContinuation> requests = item.requests(chat);
    return IntStream.range(0, requests.size())
        .mapToObj(choice -> line(item.number(), choice, requests.get(choice)));
  }

  private static String line(int document, int choice, RateContinuation request) {
    return "{\"doc\": "
        + document
        + ", \"choice\": "
        + choice
        + ", \"context\": "
        + PythonJson.dumps(request.context())
        + ", \"continuation\": "
        + PythonJson.dumps(request.continuation())
        + "}";
  }
}

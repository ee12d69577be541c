package org.ssasuite.tasks.commonsense;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/**
 * Multiple choice with shots, request for request as EleutherAI/lm-evaluation-harness 0.4.9: {@code
 * piqa}, {@code hellaswag}, {@code arc_easy}, {@code arc_challenge}, {@code winogrande}; and {@code
 * hellaswag-valshots}, whose shots are the last records of the validation split, which it does not
 * score (1,000 of them, two fifths of a smaller file).
 */
public final class CommonsenseTasks {
  /** The reference's seed where nobody says otherwise. */
  public static final long DEFAULT_SEED = 1234;

  private static final String BENCHMARK = "commonsense";
  private static final int VERSION = 1;

  private CommonsenseTasks() {}

  /**
   * One choice of one document, as it is put to a model.
   *
   * @param doc number of the document, from 0
   * @param choice from 0
   */
  public record ChoiceRequest(int doc, int choice, String context, String continuation) {
    public ChoiceRequest {
      Objects.requireNonNull(context);
      Objects.requireNonNull(continuation);
    }
  }

  /** The names that {@link #create} knows, in table order. */
  public static List<String> names() {
    return Benchmark.ALL.stream().map(Benchmark::label).toList();
  }

  /**
   * The tasks that make up the suite: each benchmark once. HellaSwag is {@code hellaswag} where the
   * data hold what its shots are drawn from, else {@code hellaswag-valshots}.
   *
   * @param shots solved records before each question; absent: the tasks' own
   */
  public static List<String> suite(Path data, OptionalInt shots) {
    String other = Benchmark.otherHellaSwag(data, shots);
    return names().stream().filter(name -> !name.equals(other)).toList();
  }

  /**
   * The shots of the SSA paper's evaluation.
   *
   * @throws BadInputException for an unknown name
   */
  public static int defaultShots(String name) {
    return Benchmark.named(name).defaultShots();
  }

  /**
   * Reads a task's data and makes the task.
   *
   * @param name one of {@link #names}
   * @param data folder with {@code arc/}, {@code piqa/}, {@code hellaswag/}, {@code winogrande/};
   *     files in them may be packed ({@code .gz}, {@code .xz}, {@code .zst})
   * @param shots solved records before each question. Another number than {@link #defaultShots}
   *     shows in the task's name.
   * @param seed of the draws of shots. Another one than {@link #DEFAULT_SEED} shows in the task's
   *     name.
   * @throws BadInputException for an unknown name, a negative number, data that is missing, corrupt
   *     or empty, and fewer records than a question draws
   */
  public static Task<?> create(String name, Path data, int shots, long seed) {
    Benchmark benchmark = Benchmark.named(name);
    Material material = read(benchmark, data, shots, seed);
    return new ChoiceTask(
        id(benchmark, shots, seed),
        benchmark.protocol(shots, seed),
        material.digest(),
        ShotDraws.items(benchmark, material, shots, seed),
        benchmark.metrics());
  }

  /**
   * What a task asks, all choices of a document one behind the other.
   *
   * @throws BadInputException as {@link #create}
   */
  public static Stream<ChoiceRequest> requests(String name, Path data, int shots, long seed) {
    return items(name, data, shots, seed).stream().flatMap(CommonsenseTasks::requests);
  }

  /**
   * A digest of a task's requests, 32 hex digits: SHA-256 of the lines that Python's {@code
   * json.dumps([context, continuation])} gives, in the documents' order.
   *
   * @throws BadInputException as {@link #create}
   */
  public static String fewshotFingerprint(String name, Path data, int shots, long seed) {
    return RequestDigests.fewshot(items(name, data, shots, seed));
  }

  /**
   * The digest that lm-evaluation-harness 0.3.0 keeps of a task's requests without shots, 64 hex
   * digits: the documents shuffled, and all requests as one JSON list.
   *
   * @throws BadInputException as {@link #create}
   */
  public static String harnessHash(String name, Path data) {
    return RequestDigests.harness(items(name, data, 0, DEFAULT_SEED));
  }

  private static Material read(Benchmark benchmark, Path data, int shots, long seed) {
    if (shots < 0 || seed < 0) {
      throw new BadInputException(
          "task " + benchmark.label(),
          "needs 0 shots or more and a seed from 0 on, not " + shots + " shots and seed " + seed);
    }
    return benchmark.read(data, shots > 0);
  }

  private static List<ChoiceItem> items(String name, Path data, int shots, long seed) {
    Benchmark benchmark = Benchmark.named(name);
    return ShotDraws.items(benchmark, read(benchmark, data, shots, seed), shots, seed);
  }

  private static Stream<ChoiceRequest> requests(ChoiceItem item) {
    List<RateContinuation> requests = item.requests();
    return IntStream.range(0, requests.size())
        .mapToObj(
            choice ->
                new ChoiceRequest(
                    item.number(),
                    choice,
                    requests.get(choice).context(),
                    requests.get(choice).continuation()));
  }

  private static TaskId id(Benchmark benchmark, int shots, long seed) {
    String ofShots = shots == benchmark.defaultShots() ? "" : "@" + shots + "-shot";
    String ofSeed = seed == DEFAULT_SEED ? "" : "@seed-" + seed;
    return new TaskId(BENCHMARK, benchmark.label() + ofShots + ofSeed, VERSION);
  }
}

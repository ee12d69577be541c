package org.ssasuite.leaderboards.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.tasks.ruler.RulerTasks;
import picocli.CommandLine.Option;

/** The options of RULER's tasks. */
public final class RulerFlags {
  @Option(
      names = {"--version", "--ruler-version"},
      paramLabel = "V",
      description =
          "Whose generators make RULER's samples: nvidia-2025, nvidia-2024, lmeval-0.4.9."
              + " Default: nvidia-2025.")
  private String version;

  @Option(
      names = "--haystack",
      paramLabel = "F",
      description =
          "Essays that RULER's needles are hidden in: JSON with 'text', JSON lines, or text."
              + " Without it the suite's own tasks among public-domain essays, as niah_single_2_pd.")
  private Path haystack;

  @Option(
      names = "--qa",
      paramLabel = "F",
      split = ",",
      description = "Questions of RULER's qa_1 (SQuAD's form) and qa_2 (HotpotQA's).")
  private List<Path> questions = List.of();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Where samples are kept that were made before; never changes a result."
              + " Default: .cache/ssa-suite in the home folder.")
  private Path cache = UserHome.cache();

  /** What an order of one of RULER's tasks has of its own, as far as the user says so. */
  public Map<String, List<String>> own() {
    Map<String, List<String>> own = new TreeMap<>();
    if (version != null) {
      own.put(RulerTasks.GENERATORS, List.of(version));
    }
    if (haystack != null) {
      own.put(RulerTasks.HAYSTACK, List.of(haystack.toString()));
    }
    if (!questions.isEmpty()) {
      own.put(RulerTasks.QUESTIONS, questions.stream().map(Path::toString).toList());
    }
    return own;
  }

  /** Where samples are kept. */
  public Path cache() {
    return cache;
  }
}

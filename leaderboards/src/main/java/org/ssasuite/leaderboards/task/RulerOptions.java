package org.ssasuite.leaderboards.task;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.tasks.ruler.RulerTasks;

/**
 * What a user says about RULER's tasks.
 *
 * @param version whose generators make the samples
 * @param haystack file with the essays that needles are hidden in
 * @param questions files in SQuAD's or HotpotQA's form
 * @param cache folder for samples that were made before; changes no result
 */
public record RulerOptions(
    String version, Optional<Path> haystack, List<Path> questions, Path cache) {
  public RulerOptions {
    Objects.requireNonNull(version);
    Objects.requireNonNull(haystack);
    questions = List.copyOf(questions);
    Objects.requireNonNull(cache);
  }

  /** The newest generators, no files, the user's own cache folder. */
  public static RulerOptions standard() {
    return new RulerOptions(
        RulerTasks.DEFAULT_VERSION, Optional.empty(), List.of(), standardCache());
  }

  /** Where programs of this user keep what they can make again. */
  public static Path standardCache() {
    return UserHome.cache();
  }

  RulerTasks.Material material(Path data) {
    return new RulerTasks.Material(data, haystack, questions, cache);
  }
}

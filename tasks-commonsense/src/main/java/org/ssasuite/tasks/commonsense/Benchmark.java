package org.ssasuite.tasks.commonsense;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.metrics.ChoiceMetrics;

/**
 * A data set, and what the reference does differently for it.
 *
 * @param label the task's name
 * @param defaultShots of the SSA paper's evaluation
 * @param spareDraws records drawn beyond the shots. The reference draws one where it takes the
 *     shots' split for the evaluated one, and it does so wherever a configuration names neither.
 */
record Benchmark(
    String label, int defaultShots, int spareDraws, ChoiceMetrics metrics, Reader reader) {
  private static final String HELLASWAG = "hellaswag";
  private static final String VALSHOTS = "hellaswag-valshots";
  private static final String HELLASWAG_TRAIN = "hellaswag/hellaswag_train.jsonl";

  static final List<Benchmark> ALL =
      List.of(
          new Benchmark("piqa", 3, 1, ChoiceMetrics.OF_ANSWERS, Benchmark::piqa),
          new Benchmark(HELLASWAG, 10, 1, ChoiceMetrics.OF_ANSWERS, Benchmark::hellaSwag),
          new Benchmark(VALSHOTS, 10, 1, ChoiceMetrics.OF_ANSWERS, Benchmark::hellaSwagDivided),
          new Benchmark("arc_easy", 25, 0, ChoiceMetrics.OF_ANSWERS, Benchmark::arcEasy),
          new Benchmark("arc_challenge", 25, 0, ChoiceMetrics.OF_ANSWERS, Benchmark::arcChallenge),
          new Benchmark("winogrande", 0, 1, ChoiceMetrics.OF_BEGINNINGS, Benchmark::winogrande));

  /** Where the data lies, and in what form. */
  interface Reader {
    Material read(Path data, boolean shots);
  }

  Benchmark {
    Objects.requireNonNull(label);
    Objects.requireNonNull(metrics);
    Objects.requireNonNull(reader);
  }

  /**
   * The data set of a task's name.
   *
   * @throws BadInputException if there is none
   */
  static Benchmark named(String name) {
    return ALL.stream()
        .filter(benchmark -> benchmark.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "task " + name,
                    ALL.stream()
                        .map(Benchmark::label)
                        .collect(Collectors.joining(", ", "is none of ", ""))));
  }

  /** The one of the two HellaSwag tasks that a suite on these data leaves out. */
  static String otherHellaSwag(Path data, OptionalInt shots) {
    boolean drawn = shots.orElse(named(HELLASWAG).defaultShots()) > 0;
    return drawn && hellaSwagTraining(data).isEmpty() ? HELLASWAG : VALSHOTS;
  }

  /** Everything that figures must share to be compared. */
  String protocol(int shots, long seed) {
    return "lm-eval-0.4.9/"
        + shots
        + "-shot/seed-"
        + seed
        + "/no-bos"
        + (label.equals(VALSHOTS) ? "/shots-from-validation" : "");
  }

  /**
   * Reads the data.
   *
   * @param shots whether shots will be drawn; without them the split that they come from may be
   *     absent
   * @throws BadInputException for data that is missing, corrupt or empty
   */
  Material read(Path data, boolean shots) {
    return reader.read(data, shots);
  }

  /** The files of a hub's layout that are read. */
  List<String> published(Path data, boolean shots) {
    return PublishedSplits.of(label).described(HubData.in(data), shots);
  }

  private static Material piqa(Path data, boolean shots) {
    QuestionFile scored = PiqaFile.read(data, Split.VALIDATION);
    return shots
        ? Material.of(scored, PiqaFile.read(data, Split.TRAIN))
        : Material.scoredOnly(scored);
  }

  private static Material arcEasy(Path data, boolean shots) {
    return arc("Easy", data, shots);
  }

  private static Material arcChallenge(Path data, boolean shots) {
    return arc("Challenge", data, shots);
  }

  private static Material arc(String part, Path data, boolean shots) {
    QuestionFile scored = arcSplit(data, part, Split.TEST);
    return shots
        ? Material.of(scored, arcSplit(data, part, Split.TRAIN))
        : Material.scoredOnly(scored);
  }

  private static QuestionFile arcSplit(Path data, String part, Split split) {
    PublishedSet set = part.equals("Easy") ? PublishedSet.ARC_EASY : PublishedSet.ARC_CHALLENGE;
    List<String> names = PublishedSplits.arc(part, split.word());
    RecordFiles files =
        names.stream()
            .flatMap(name -> DataFile.find(data, name).stream())
            .findFirst()
            .map(RecordFiles::of)
            .orElseGet(() -> HubData.split(data, names.get(0), set, split));
    return QuestionFile.read(files, ArcLine::question);
  }

  private static Material winogrande(Path data, boolean shots) {
    QuestionFile scored = winograndeSplit(data, "dev", Split.VALIDATION);
    return shots
        ? Material.of(scored, winograndeSplit(data, "train_xl", Split.TRAIN))
        : Material.scoredOnly(scored);
  }

  private static QuestionFile winograndeSplit(Path data, String name, Split split) {
    return QuestionFile.read(
        HubData.split(data, "winogrande/" + name + ".jsonl", PublishedSet.WINOGRANDE, split),
        WinograndeLine::question);
  }

  private static Material hellaSwag(Path data, boolean shots) {
    if (!shots) {
      return Material.scoredOnly(hellaSwagValidation(data));
    }
    Optional<RecordFiles> train = hellaSwagTraining(data);
    if (train.isEmpty()) {
      throw new BadInputException(
          data.resolve(HELLASWAG_TRAIN),
          "no such file, packed or not, to draw shots from; task "
              + VALSHOTS
              + " draws them from the validation split");
    }
    return Material.of(
        hellaSwagValidation(data), QuestionFile.read(train.get(), HellaSwagLine::question));
  }

  private static Material hellaSwagDivided(Path data, boolean shots) {
    return Material.divided(hellaSwagValidation(data));
  }

  private static Optional<RecordFiles> hellaSwagTraining(Path data) {
    return HubData.findSplit(data, HELLASWAG_TRAIN, PublishedSet.HELLASWAG, Split.TRAIN);
  }

  private static QuestionFile hellaSwagValidation(Path data) {
    return QuestionFile.read(
        HubData.split(
            data, "hellaswag/hellaswag_val.jsonl", PublishedSet.HELLASWAG, Split.VALIDATION),
        HellaSwagLine::question);
  }
}

package org.ssasuite.tasks.commonsense;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.python.PythonText;

/**
 * A split of PIQA: {@code goal}, {@code sol1}, {@code sol2} in {@code SPLIT.jsonl}, and the right
 * solutions, 0 or 1 a line, in {@code SPLIT-labels.lst}; or with {@code label} in every record, as
 * hubs have it.
 */
final class PiqaFile {
  private static final String LABEL = "label";

  private PiqaFile() {}

  /**
   * Reads a split.
   *
   * @throws BadInputException for a file that is missing, corrupt or empty, and for labels that are
   *     not one a record
   */
  static QuestionFile read(Path data, Split split) {
    String own = "piqa/" + (split == Split.TRAIN ? "train" : "valid");
    RecordFiles files = HubData.split(data, own + ".jsonl", PublishedSet.PIQA, split);
    List<Goal> goals = QuestionFile.records(files, Goal::read);
    if (goals.stream().allMatch(goal -> goal.line.object().has(LABEL))) {
      return new QuestionFile(
          goals.stream()
              .map(goal -> goal.question(RightAnswer.numbered(goal.line, LABEL, 2)))
              .toList(),
          files.digests());
    }
    DataFile labelFile = DataFile.in(data, own + "-labels.lst");
    List<Integer> labels = labels(labelFile);
    if (labels.size() != goals.size()) {
      throw new BadInputException(
          labelFile.path(),
          labels.size() + " labels for the " + goals.size() + " records of " + files.path());
    }
    return new QuestionFile(
        IntStream.range(0, goals.size())
            .mapToObj(i -> goals.get(i).question(labels.get(i)))
            .toList(),
        Stream.concat(files.digests().stream(), Stream.of(Digests.sha256(labelFile.bytes())))
            .toList());
  }

  private static List<Integer> labels(DataFile file) {
    List<Integer> labels = new ArrayList<>();
    for (String label : PythonText.split(file.text())) {
      if (!label.equals("0") && !label.equals("1")) {
        throw new BadInputException(
            file.path(), "label " + (labels.size() + 1) + " is '" + label + "', neither 0 nor 1");
      }
      labels.add(Integer.parseInt(label));
    }
    return labels;
  }

  /** What a record asks, whichever file has the answer. */
  private record Goal(JsonLine line, String text, List<String> solutions) {
    static Goal read(JsonLine line) {
      return new Goal(line, line.text("goal"), List.of(line.text("sol1"), line.text("sol2")));
    }

    Question question(int gold) {
      return Question.withAnswers(
          "Question: " + text + "\nAnswer:",
          solutions,
          gold,
          List.of(text, solutions.get(0), solutions.get(1), Integer.toString(gold)));
    }
  }
}

package org.ssasuite.tasks.ruler;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.RulerTasks.Material;
import org.ssasuite.tasks.ruler.generator.Generators;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;
import org.ssasuite.tasks.ruler.text.EssayFile;
import org.ssasuite.tasks.ruler.text.EssayText;
import org.ssasuite.tasks.ruler.text.Punkt;
import org.ssasuite.tasks.ruler.text.PunktParameters;
import org.ssasuite.tasks.ruler.text.QuestionFile;

/**
 * What a task reads of what the user brings.
 *
 * @param digests SHA-256 of each file, unpacked, by what it is
 */
record Reading(Generators.Sources sources, Map<String, String> digests) {
  /** In the data folder, in this order: the references' names, and those under which copies go. */
  private static final List<String> SQUAD_NAMES =
      List.of("ruler_qa/squad.json", "ruler_qa/dev-v2.0.json", "ruler_qa/xquad.en.json");

  private static final List<String> HOTPOT_NAMES =
      List.of(
          "ruler_qa/hotpotqa.json",
          "ruler_qa/hotpot_dev_distractor_v1.json",
          "ruler_qa/hotpot_dev_distractor_sample100.json");

  private static final String MORE_WORDS = "ruler_words/english_words.json";

  Reading {
    digests = Map.copyOf(digests);
  }

  /**
   * Reads what the task needs.
   *
   * @throws BadInputException for what is missing or corrupt
   */
  static Reading of(RulerTaskName task, Material material) {
    Map<String, String> digests = new TreeMap<>();
    Optional<EssayText> essay = Optional.empty();
    Optional<QuestionFile> questions = Optional.empty();
    Optional<List<String>> moreWords = Optional.empty();
    if (task.base().readsEssays()) {
      EssayFile file = essays(task, material);
      digests.put("essays", file.digest());
      essay = Optional.of(new EssayText(file.text(), new Punkt(PunktParameters.english())));
    }
    if (task.base().readsQuestions()) {
      DataFile file = requireQuestions(task, material);
      digests.put("questions", Digests.sha256(file.bytes()));
      questions = Optional.of(questions(task.base(), file));
    }
    if (task.base() == RulerTaskName.Base.CWE) {
      Optional<DataFile> file = DataFile.find(material.data(), MORE_WORDS);
      file.ifPresent(found -> digests.put("words", Digests.sha256(found.bytes())));
      moreWords = file.map(Reading::words);
    }
    return new Reading(new Generators.Sources(essay, questions, moreWords), digests);
  }

  private static EssayFile essays(RulerTaskName task, Material material) {
    if (task.publicDomain()) {
      return EssayFile.publicDomain();
    }
    return material
        .haystack()
        .map(EssayFile::read)
        .orElseThrow(
            () ->
                new BadInputException(
                    "task " + task.text(),
                    "needs RULER's essays, which are not free: name their file with --haystack, or"
                        + " take "
                        + task.text()
                        + "_pd, the same among the suite's public-domain essays"));
  }

  private static DataFile requireQuestions(RulerTaskName task, Material material) {
    String form = (task.base() == RulerTaskName.Base.QA_1 ? "SQuAD" : "HotpotQA") + "'s form";
    return findQuestions(task.base(), material)
        .orElseThrow(
            () ->
                material.questions().isEmpty()
                    ? new BadInputException(
                        "task " + task.text(),
                        "needs questions in "
                            + form
                            + ": name the file with --qa, or put it as "
                            + names(task.base()).get(0)
                            + " into the folder that --data names")
                    : new BadInputException(
                        material.questions().get(0),
                        "is not in " + form + ", which task " + task.text() + " needs"));
  }

  /** The file that a question task would read. */
  static Optional<DataFile> findQuestions(RulerTaskName.Base task, Material material) {
    boolean squad = task == RulerTaskName.Base.QA_1;
    Optional<DataFile> named =
        material.questions().stream()
            .map(DataFile::of)
            .filter(file -> first(file) == (squad ? '{' : '['))
            .findFirst();
    return named.isPresent()
        ? named
        : names(task).stream()
            .flatMap(name -> DataFile.find(material.data(), name).stream())
            .findFirst();
  }

  private static List<String> names(RulerTaskName.Base task) {
    return task == RulerTaskName.Base.QA_1 ? SQUAD_NAMES : HOTPOT_NAMES;
  }

  /**
   * The first character of a file's JSON: SQuAD's file is an object, HotpotQA's a list.
   *
   * @throws BadInputException if it is neither
   */
  private static char first(DataFile file) {
    String text = PythonText.lstrip(file.json());
    if (!text.startsWith("{") && !text.startsWith("[")) {
      throw new BadInputException(
          file.path(), "is neither in SQuAD's form, a JSON object, nor in HotpotQA's, a list");
    }
    return text.charAt(0);
  }

  private static QuestionFile questions(RulerTaskName.Base task, DataFile file) {
    return task == RulerTaskName.Base.QA_1 ? QuestionFile.squad(file) : QuestionFile.hotpot(file);
  }

  /** The values of a JSON object in their order. */
  private static List<String> words(DataFile file) {
    JsonNode tree = JsonDocument.read(file, JsonDocument.Keys.LAST_COUNTS);
    List<String> words = new ArrayList<>();
    tree.forEach(word -> words.add(HalfSurrogates.refused(file.path(), word.asText())));
    if (!tree.isObject() || words.isEmpty()) {
      throw new BadInputException(file.path(), "is no JSON object of words");
    }
    return words;
  }
}

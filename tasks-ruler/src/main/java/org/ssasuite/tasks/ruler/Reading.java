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
import org.ssasuite.core.hub.HubData;
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
      QuestionSource source = requireQuestions(task, material);
      digests.put("questions", source.digest());
      questions = Optional.of(source.read());
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

  private static QuestionSource requireQuestions(RulerTaskName task, Material material) {
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
                            + QuestionSource.names(task.base() == RulerTaskName.Base.QA_1).get(0)
                            + " into the folder that --data names, or have that be a hub's "
                            + (task.base() == RulerTaskName.Base.QA_1 ? "squad_v2" : "hotpot_qa"))
                    : new BadInputException(
                        material.questions().get(0),
                        "is not in " + form + ", which task " + task.text() + " needs"));
  }

  /** What a question task would read. */
  static Optional<QuestionSource> findQuestions(RulerTaskName.Base task, Material material) {
    return QuestionSource.find(
        task, material.questions(), material.data(), HubData.in(material.data()));
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

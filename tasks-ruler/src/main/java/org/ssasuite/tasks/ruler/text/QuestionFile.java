package org.ssasuite.tasks.ruler.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.JsonDocument;

/**
 * Questions and documents of a file in SQuAD's or HotpotQA's form.
 *
 * @param documents each once, in order of code points
 */
public record QuestionFile(List<Question> questions, List<String> documents) {
  public QuestionFile {
    questions = List.copyOf(questions);
    documents = List.copyOf(documents);
  }

  /**
   * A question.
   *
   * @param gold numbers of the documents that hold the answer
   * @param related numbers of further documents of the same article
   */
  public record Question(
      String text, List<String> answers, List<Integer> gold, List<Integer> related) {
    public Question {
      answers = List.copyOf(answers);
      gold = List.copyOf(gold);
      related = List.copyOf(related);
    }
  }

  /**
   * Reads {@code {"data": [{"paragraphs": [{"context", "qas": [{"question", "answers": [{"text"}],
   * "is_impossible"}]}]}]}}; questions without an answer are left out.
   *
   * @throws BadInputException if the file has another form, or no question
   */
  public static QuestionFile squad(DataFile file) {
    List<String> contexts = new ArrayList<>();
    JsonNode articles = array(file, tree(file).path("data"), "data");
    for (JsonNode article : articles) {
      contexts(file, article).forEach(contexts::add);
    }
    Library library = new Library(contexts);
    List<Question> questions = new ArrayList<>();
    for (JsonNode article : articles) {
      List<Integer> all = contexts(file, article).stream().map(library::number).toList();
      for (JsonNode paragraph : article.path("paragraphs")) {
        int gold = library.number(text(file, paragraph, "context"));
        List<Integer> related = all.stream().filter(number -> number != gold).toList();
        for (JsonNode question : array(file, paragraph.path("qas"), "qas")) {
          if (!question.path("is_impossible").asBoolean(false)) {
            List<String> answers = new ArrayList<>();
            array(file, question.path("answers"), "answers")
                .forEach(answer -> answers.add(text(file, answer, "text")));
            questions.add(
                new Question(text(file, question, "question"), answers, List.of(gold), related));
          }
        }
      }
    }
    return checked(file.path(), questions, library);
  }

  private static List<String> contexts(DataFile file, JsonNode article) {
    List<String> contexts = new ArrayList<>();
    array(file, article.path("paragraphs"), "paragraphs")
        .forEach(paragraph -> contexts.add(text(file, paragraph, "context")));
    return contexts;
  }

  /**
   * Reads {@code [{"question", "answer", "context": [[title, [sentence, …]], …]}]}.
   *
   * @throws BadInputException if the file has another form, or no question
   */
  public static QuestionFile hotpot(DataFile file) {
    JsonNode records = array(file, tree(file), "file");
    List<String> all = new ArrayList<>();
    for (JsonNode one : records) {
      all.addAll(paragraphs(file, one));
    }
    Library library = new Library(all);
    List<Question> questions = new ArrayList<>();
    for (JsonNode one : records) {
      questions.add(
          new Question(
              text(file, one, "question"),
              List.of(text(file, one, "answer")),
              paragraphs(file, one).stream().map(library::number).toList(),
              List.of()));
    }
    return checked(file.path(), questions, library);
  }

  private static List<String> paragraphs(DataFile file, JsonNode one) {
    List<String> paragraphs = new ArrayList<>();
    for (JsonNode pair : array(file, one.path("context"), "context")) {
      if (!pair.path(0).isTextual() || !pair.path(1).isArray()) {
        throw new BadInputException(file.path(), "a context is no pair of title and sentences");
      }
      StringBuilder paragraph = new StringBuilder(pair.get(0).textValue()).append('\n');
      pair.get(1).forEach(sentence -> paragraph.append(sentence.asText()));
      paragraphs.add(HalfSurrogates.refused(file.path(), paragraph.toString()));
    }
    return paragraphs;
  }

  /** Documents and their numbers. */
  static final class Library {
    private final List<String> documents;
    private final Map<String, Integer> numbers = new HashMap<>();

    Library(List<String> texts) {
      this.documents = texts.stream().distinct().sorted(CodePointOrder.STRINGS).toList();
      IntStream.range(0, documents.size()).forEach(i -> numbers.put(documents.get(i), i));
    }

    int number(String document) {
      return numbers.get(document);
    }
  }

  static QuestionFile checked(Path path, List<Question> questions, Library library) {
    if (questions.isEmpty()) {
      throw new BadInputException(path, "has no question with an answer");
    }
    for (Question question : questions) {
      if (question.answers().isEmpty()) {
        throw new BadInputException(path, "no answer to '" + question.text() + "'");
      }
    }
    return new QuestionFile(questions, library.documents);
  }

  private static JsonNode tree(DataFile file) {
    return JsonDocument.read(file, JsonDocument.Keys.LAST_COUNTS);
  }

  private static JsonNode array(DataFile file, JsonNode node, String name) {
    if (!node.isArray()) {
      throw new BadInputException(file.path(), "'" + name + "' is missing or no list");
    }
    return node;
  }

  private static String text(DataFile file, JsonNode node, String name) {
    if (!node.path(name).isTextual()) {
      throw new BadInputException(file.path(), "field '" + name + "' is missing or no string");
    }
    return HalfSurrogates.refused(file.path(), node.get(name).textValue());
  }
}

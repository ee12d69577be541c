package org.ssasuite.tasks.ruler.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.tasks.ruler.text.QuestionFile.Question;

/**
 * Questions as hubs have them, a record each, put together again to what the files were that they
 * were taken from. Of SQuAD a paragraph without a question is in no record, and two equal ones
 * behind each other are one.
 */
public final class QuestionRecords {
  private static final Set<String> OF_SQUAD = Set.of("title", "context", "question", "answers");
  private static final Set<String> OF_HOTPOT = Set.of("question", "answer", "context");
  private static final String CONTEXT = "context";

  private QuestionRecords() {}

  /** A record of SQuAD, in the paragraph of an article. */
  private record Asked(Article article, String context, String question, List<String> answers) {}

  /** Paragraphs of one title. Mutable while records are read. */
  private static final class Article {
    private final String title;
    private final List<String> contexts = new ArrayList<>();

    Article(String title) {
      this.title = title;
    }

    void add(String context) {
      if (contexts.isEmpty() || !contexts.get(contexts.size() - 1).equals(context)) {
        contexts.add(context);
      }
    }
  }

  /**
   * Reads {@code title}, {@code context}, {@code question}, {@code answers {text}}; questions
   * without an answer are left out. Records of one article follow each other.
   *
   * @throws BadInputException if the records have another form, or none has an answer
   */
  public static QuestionFile squad(RecordFiles files) {
    List<Asked> records = new ArrayList<>();
    List<Article> articles = new ArrayList<>();
    files
        .reading(OF_SQUAD)
        .forEach(
            line -> {
              Article article = article(articles, line.text("title"));
              String context = line.text(CONTEXT);
              article.add(context);
              List<String> answers = line.within("answers").texts("text");
              records.add(new Asked(article, context, line.text("question"), answers));
            });
    QuestionFile.Library library =
        new QuestionFile.Library(
            articles.stream().flatMap(article -> article.contexts.stream()).toList());
    List<Question> questions = new ArrayList<>();
    for (Asked asked : records) {
      if (!asked.answers().isEmpty()) {
        int gold = library.number(asked.context());
        List<Integer> related =
            asked.article().contexts.stream()
                .map(library::number)
                .filter(number -> number != gold)
                .toList();
        questions.add(new Question(asked.question(), asked.answers(), List.of(gold), related));
      }
    }
    return QuestionFile.checked(files.path(), questions, library);
  }

  private static Article article(List<Article> articles, String title) {
    Article last = articles.isEmpty() ? null : articles.get(articles.size() - 1);
    if (last != null && last.title.equals(title)) {
      return last;
    }
    Article next = new Article(title);
    articles.add(next);
    return next;
  }

  /**
   * Reads {@code question}, {@code answer}, {@code context {title: [text, …], sentences: [[text,
   * …], …]}}.
   *
   * @throws BadInputException if the records have another form, or there is none
   */
  public static QuestionFile hotpot(RecordFiles files) {
    List<String> all = new ArrayList<>();
    List<List<String>> paragraphs = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    files
        .reading(OF_HOTPOT)
        .forEach(
            line -> {
              List<String> own = paragraphs(line.within(CONTEXT));
              all.addAll(own);
              paragraphs.add(own);
              texts.add(line.text("question"));
              answers.add(line.text("answer"));
            });
    QuestionFile.Library library = new QuestionFile.Library(all);
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      questions.add(
          new Question(
              texts.get(i),
              List.of(answers.get(i)),
              paragraphs.get(i).stream().map(library::number).toList(),
              List.of()));
    }
    return QuestionFile.checked(files.path(), questions, library);
  }

  private static List<String> paragraphs(JsonLine context) {
    List<String> titles = context.texts("title");
    JsonNode sentences = context.object().path("sentences");
    if (!sentences.isArray() || sentences.size() != titles.size()) {
      throw context.bad("field 'context.sentences' is no list of as many lists as titles");
    }
    List<String> paragraphs = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      StringBuilder paragraph = new StringBuilder(titles.get(i)).append('\n');
      for (JsonNode sentence : sentences.get(i)) {
        if (!sentence.isTextual()) {
          throw context.bad("field 'context.sentences' holds something that is no string");
        }
        paragraph.append(context.whole("sentences", sentence.textValue()));
      }
      paragraphs.add(paragraph.toString());
    }
    return paragraphs;
  }
}

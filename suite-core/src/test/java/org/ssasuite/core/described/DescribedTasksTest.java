package org.ssasuite.core.described;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

class DescribedTasksTest {
  @TempDir Path folder;

  private Path quiz() {
    Made.write(folder, "rows.jsonl", Made.QUESTIONS);
    return Made.write(folder, "task.json", Made.CHOOSE);
  }

  private static TaskOrder complete(Path file) {
    TaskOrder asked = TaskOrder.of(file.toString());
    return Made.CATALOGUE.orders(List.of(asked), Wishes.none(), Made.supplies()).get(0);
  }

  private static <S extends Sample> List<List<Request<?>>> requests(Task<S> task) {
    return task.samples().map(task::requests).toList();
  }

  private void refused(String descriptor, String rows, String fact) {
    assertThatThrownBy(() -> Made.task(folder, descriptor, rows))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anOrderHoldsTheDescriptorAndItsData() {
    TaskOrder order = complete(quiz());

    assertThat(order.task()).isEqualTo("quiz");
    assertThat(order.shots()).hasValue(1);
    assertThat(order.seed()).hasValue(1234);
    assertThat(order.own()).containsOnlyKeys("data", "data_sha256", "descriptor");
    assertThat(order.own().get("data")).containsExactly(folder.resolve("rows.jsonl").toString());
  }

  @Test
  void anOrderStandsForItsTaskWithoutTheFile() throws Exception {
    Path file = quiz();
    TaskOrder order = complete(file);
    List<?> before = requests(Made.task(file));
    Files.delete(file);
    TaskOffer offer = Made.CATALOGUE.offer(order);

    assertThat(offer.completed(order, Made.supplies())).isEqualTo(order);
    assertThat(requests(offer.make(order, Variant.NONE, Made.supplies()))).isEqualTo(before);
  }

  @Test
  void theProtocolHasTheDescriptorsDigest() {
    Path file = quiz();
    String digest = DescriptorFile.read(file).digest();

    assertThat(Made.task(file).protocol())
        .isEqualTo("described-1/choose/whole/1-shot/seed-1234/sha256-" + digest);
  }

  @Test
  void aShotIsNeverTheQuestionItself() {
    for (List<Request<?>> asked : requests(Made.task(quiz()))) {
      RateContinuation first = (RateContinuation) asked.get(0);
      List<String> parts = List.of(first.context().split("\n\n"));

      assertThat(parts).hasSize(2);
      assertThat(parts.get(0)).doesNotContain(parts.get(1));
    }
  }

  @Test
  void whatAUserSaysGoesBeforeTheDescriptor() {
    Wishes wishes =
        new Wishes(List.of(), OptionalInt.of(2), List.of(1L, 12L), OptionalInt.of(2), Map.of());

    assertThat(
            Made.CATALOGUE.orders(
                List.of(TaskOrder.of(quiz().toString())), wishes, Made.supplies()))
        .extracting(order -> order.shots().getAsInt() + " " + order.seed().getAsLong())
        .containsExactly("2 1", "2 12");
  }

  @Test
  void twoTasksOfOneNameAreRefused() {
    Path file = quiz();
    Path other = Made.write(folder, "other.json", Made.CHOOSE.replace("Q: ", "Question: "));
    List<TaskOrder> both = List.of(TaskOrder.of(file.toString()), TaskOrder.of(other.toString()));

    assertThatThrownBy(() -> Made.CATALOGUE.orders(both, Wishes.none(), Made.supplies()))
        .hasMessage("task quiz: is the name of two different tasks of this run");
  }

  @Test
  void anOrderOfAnotherDescriptorIsRefused() {
    TaskOrder order = complete(quiz());
    Map<String, List<String>> own = new TreeMap<>(order.own());
    own.put("descriptor", List.of("{}"));

    assertThatThrownBy(() -> Made.CATALOGUE.offer(order.withOwn(own)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("descriptor of task quiz: has no schema");
  }

  @Test
  void anOrderWithoutItsDataIsRefused() {
    TaskOrder order = complete(quiz());
    Map<String, List<String>> own = new TreeMap<>(order.own());
    own.remove("data");

    assertThatThrownBy(() -> Made.CATALOGUE.offer(order.withOwn(own)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("descriptor of task quiz: names 1 files, the order 0");
  }

  @Test
  void aFieldThatNoRowHasIsNamed() {
    refused(
        Made.CHOOSE.replace("{q}", "{question}"),
        Made.QUESTIONS,
        "rows.jsonl: line 1: field 'question' is missing; there are id, q, choices, gold");
  }

  @Test
  void aRowWithoutAFieldIsNamed() {
    refused(Made.RATE, Made.NOTES + "{\"title\": \"Three\"}\n", "line 3: field 'text' is missing");
  }

  @Test
  void idsThatAreThereTwiceAreRefused() {
    refused(
        Made.CHOOSE, Made.QUESTIONS.replace("\"b\"", "\"a\""), "line 2: a second row with id 'a'");
  }

  @Test
  void answersThatNoChoiceHasAreRefused() {
    refused(
        Made.CHOOSE,
        Made.QUESTIONS.replace("\"gold\": 0", "\"gold\": 2"),
        "line 1: field 'gold' is '2', none of 0, 1");
  }

  @Test
  void textsWithoutAWordAreRefused() {
    refused(
        Made.RATE.replace("{title}\\n{text}", "{text}"),
        "{\"text\": \" \\n\"}\n",
        "line 1: the text has no word");
  }

  @Test
  void moreShotsThanRowsAreRefused() {
    refused(
        Made.CHOOSE.replace("\"count\": 1", "\"count\": 3"),
        Made.QUESTIONS,
        "rows.jsonl: has 3 rows; 4 are drawn for 3 shots of task quiz");
  }

  @Test
  void labelsOfTheRowSayWhichIsRight() {
    String rows =
        """
        {"id": 1, "q": "x", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "key": "B"}
        """;
    String descriptor =
        Made.CHOOSE
            .replace("\"choices_field\": \"choices\"", "\"choices_field\": \"choices.text\"")
            .replace(
                "\"answer\": \"gold\"", "\"answer\": \"key\", \"labels_field\": \"choices.label\"")
            .replace("\"count\": 1", "\"count\": 0");

    Task<?> task = Made.task(folder, descriptor, rows);

    assertThat(task.samples().map(item -> ((ChooseTask.Item) item).gold())).containsExactly(1);
  }

  @Test
  void aDocumentThatIsATextIsCalledByItsDigest() {
    String context = "The house stood by the river, and nobody had lived in it for years.";
    String rows = "{\"q\": \"" + context + "\", \"a\": \"x\"}\n";
    String descriptor = Made.GENERATE.replace("\"generate\"", "\"document\": \"q\", \"generate\"");

    assertThat(Made.task(folder, descriptor, rows).samples().map(Sample::document))
        .containsExactly("3a7483f5910b267c");
  }

  @Test
  void samplesAreShownAsTheyAreAsked() {
    TaskOrder order = complete(quiz());
    TaskOffer offer = Made.CATALOGUE.offer(order);

    assertThat(offer.lines(order.withShots(0).withLimit(1), Made.supplies()))
        .containsExactly(
            "{\"doc\": \"a\", \"choice\": 0, \"context\": \"Q: 1 + 1?\\nA:\", \"continuation\": \" 2\"}",
            "{\"doc\": \"a\", \"choice\": 1, \"context\": \"Q: 1 + 1?\\nA:\", \"continuation\": \" 3\"}");
  }
}

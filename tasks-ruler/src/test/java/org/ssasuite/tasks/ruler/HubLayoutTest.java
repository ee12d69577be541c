package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.catalogue.Supplies;

/** Questions as repositories of a hub have them, and as the files they were taken from. */
class HubLayoutTest {
  private static final String SQUAD =
      "{\"data\": [{\"title\": \"A\", \"paragraphs\": [{\"context\": \"one\", \"qas\": [%s, %s]},"
          + " {\"context\": \"two\", \"qas\": [%s]}]}, {\"title\": \"B\", \"paragraphs\":"
          + " [{\"context\": \"three\", \"qas\": [%s]}]}]}";

  @TempDir Path folder;

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private List<String> lines(String task, String data) {
    Supplies supplies =
        Supplies.of(folder.resolve(data), folder.resolve("cache-" + data))
            .counting(RulerTasks::whitespace);
    return Bench.offer(task).lines(Bench.order("nvidia-2025", 300, 42, 2), supplies).toList();
  }

  private static String asked(String question) {
    return "{\"question\": \"%1$s?\", \"answers\": [{\"text\": \"%1$s\"}], \"is_impossible\": false}"
        .formatted(question);
  }

  private static String record(String title, String context, String question, String answer) {
    return "{\"id\": \"i\", \"title\": \"%s\", \"context\": \"%s\", \"question\": \"%s?\", \"answers\":"
            .formatted(title, context, question)
        + " {\"text\": ["
        + answer
        + "], \"answer_start\": []}}\n";
  }

  @Test
  void recordsOfSquadAreItsArticlesAgain() throws IOException {
    String impossible = "{\"question\": \"no?\", \"answers\": [], \"is_impossible\": true}";
    write(
        "own/ruler_qa/squad.json", SQUAD.formatted(asked("a"), impossible, asked("b"), asked("c")));
    write(
        "hub/squad_v2/validation-00000-of-00001.jsonl",
        record("A", "one", "a", "\"a\"")
            + record("A", "one", "no", "")
            + record("A", "two", "b", "\"b\"")
            + record("B", "three", "c", "\"c\""));
    assertThat(lines("qa_1", "hub")).isEqualTo(lines("qa_1", "own")).hasSize(2);
  }

  @Test
  void recordsOfHotpotqaHaveTheirParagraphsAgain() throws IOException {
    write(
        "own/ruler_qa/hotpotqa.json",
        "[{\"question\": \"q\", \"answer\": \"a\", \"context\": [[\"T\", [\"x.\", \" y.\"]], [\"U\","
            + " [\"z.\"]]]}, {\"question\": \"r\", \"answer\": \"b\", \"context\": [[\"V\", [\"w.\"]]]}]");
    write(
        "hub/distractor/validation-00000-of-00001.jsonl",
        "{\"question\": \"q\", \"answer\": \"a\", \"supporting_facts\": {}, \"context\": {\"title\":"
            + " [\"T\", \"U\"], \"sentences\": [[\"x.\", \" y.\"], [\"z.\"]]}}\n"
            + "{\"question\": \"r\", \"answer\": \"b\", \"supporting_facts\": {}, \"context\": {\"title\":"
            + " [\"V\"], \"sentences\": [[\"w.\"]]}}\n");
    assertThat(lines("qa_2", "hub")).isEqualTo(lines("qa_2", "own")).hasSize(2);
  }
}

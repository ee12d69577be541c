package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.testing.Golden;

/** Files as Hugging Face's {@code datasets} writes them, and as AI2 published ARC. */
class PublishedFormsTest {
  private static final String AI2_RECORD =
      "{\"id\": \"Mercury_1\", \"question\": {\"stem\": \"What ran?\", \"choices\":"
          + " [{\"text\": \"dog\", \"label\": \"A\"}, {\"text\": \"fox\", \"label\": \"B\"}]},"
          + " \"answerKey\": \"B\"}\n";

  @TempDir Path folder;

  static List<JsonNode> files() {
    return Golden.vectors("hub-forms.jsonl", "hub");
  }

  @ParameterizedTest
  @MethodSource("files")
  void requestsAreTheReferences(JsonNode vector) throws IOException {
    write(vector.get("file").textValue(), vector.get("text").textValue());
    List<List<String>> expected = new ArrayList<>();
    vector
        .get("requests")
        .forEach(pair -> expected.add(List.of(pair.get(0).asText(), pair.get(1).asText())));

    assertThat(
            Made.requests(vector.get("task").textValue(), folder, 0, 1)
                .map(
                    request ->
                        List.of(
                            request.get("context").textValue(),
                            request.get("continuation").textValue())))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("files")
  void rightAnswersAreTheReferences(JsonNode vector) throws IOException {
    write(vector.get("file").textValue(), vector.get("text").textValue());
    List<Integer> expected = new ArrayList<>();
    vector.get("gold").forEach(gold -> expected.add(gold.intValue()));

    Material material = Benchmark.named(vector.get("task").textValue()).read(folder, false);

    assertThat(material.scored().stream().map(Question::gold)).isEqualTo(expected);
  }

  @Test
  void ai2sFormOfArcIsTheSameQuestion() throws IOException {
    Path theirs = write("ai2.jsonl", AI2_RECORD);
    Path hub = write("hub.jsonl", files().get(1).get("text").textValue().split("\n", 2)[0] + "\n");

    assertThat(
            QuestionFile.read(RecordFiles.of(DataFile.of(theirs)), ArcLine::question).questions())
        .isEqualTo(
            QuestionFile.read(RecordFiles.of(DataFile.of(hub)), ArcLine::question).questions());
  }

  @ParameterizedTest
  @CsvSource({
    "arc_easy,arc/ARC-Easy-Test.jsonl",
    "arc_easy,arc/ARC-Easy/ARC-Easy-Test.jsonl",
    "arc_challenge,arc/ARC-Challenge/ARC-Challenge-Test.jsonl.gz",
    "arc_challenge,arc/ARC-Challenge-test.jsonl"
  })
  void arcIsFoundUnderAi2sNames(String task, String name) throws IOException {
    write(name, AI2_RECORD);
    assertThat(Made.lines(task, folder, 0, 1)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hellaswag|hellaswag/hellaswag_val.jsonl|{'query':'q','endings':['a','b','c','d'],'label':''}"
            + "|field 'label' is empty: the split has no answers",
        "hellaswag|hellaswag/hellaswag_val.jsonl|{'query':'q','endings':['a','b','c','d'],'label':'4'}"
            + "|field 'label' is '4', none of 0 to 3",
        "hellaswag|hellaswag/hellaswag_val.jsonl|{'query':'q','endings':['a','b','c','d']}"
            + "|field 'label' is missing",
        "piqa|piqa/valid.jsonl|{'goal':'g','sol1':'a','sol2':'b','label':-1}"
            + "|field 'label' is not a whole number from 0 to 1",
        "winogrande|winogrande/dev.jsonl|{'sentence':'a _','option1':'a','option2':'b','answer':''}"
            + "|field 'answer' is empty: the split has no answers",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':'q','choices':{'text':['x','y'],'label':['A','B']},'answerKey':''}"
            + "|field 'answerKey' is empty: the split has no answers",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':'q','choices':{'text':['x','y'],'label':['A','B']},'answerKey':'C'}"
            + "|field 'answerKey' is 'C', none of A, B",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':'q','choices':{'text':['x','y'],'label':['A']},'answerKey':'A'}"
            + "|field 'choices' has 2 texts and 1 labels",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':'q','choices':{'text':['x','y']},'answerKey':'A'}"
            + "|field 'choices.label' is missing",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':{'stem':'q','choices':[{'text':'x'},7]},'answerKey':'A'}"
            + "|field 'question.choices[1]' is not an object",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':{'choices':[{'text':'x','label':'A'}]},'answerKey':'A'}"
            + "|field 'choices' has fewer than 2 texts",
        "arc_easy|arc/ARC-Easy-test.jsonl"
            + "|{'id':'a','question':{'stem':'q','choices':[{'text':'x','label':'A'},{'text':'y'}]},"
            + "'answerKey':'A'}|field 'question.choices[1].label' is missing"
      })
  void otherFormsAreNamed(String task, String name, String record, String fact) throws IOException {
    Path file = write(name, record.replace('\'', '"'));

    assertThatThrownBy(() -> Made.task(task, folder, 0, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 1: " + fact);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    if (name.endsWith(".gz")) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      return file;
    }
    return Files.writeString(file, text);
  }
}

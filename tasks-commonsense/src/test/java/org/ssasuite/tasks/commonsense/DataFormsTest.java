package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;

/** What is wrong with a data set's file is said in one line, with file and line. */
class DataFormsTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void assertBad(String task, Path file, String fact) {
    assertThatThrownBy(() -> Made.task(task, folder, 0, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + fact);
  }

  @ParameterizedTest
  @CsvSource({
    "arc_easy,arc/ARC-Easy-test.jsonl",
    "arc_challenge,arc/ARC-Challenge-test.jsonl",
    "piqa,piqa/valid.jsonl",
    "hellaswag,hellaswag/hellaswag_val.jsonl",
    "winogrande,winogrande/dev.jsonl"
  })
  void emptyFileIsBadInput(String task, String name) throws IOException {
    assertBad(task, write(name, ""), "no record in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id':'a','question':'q','choices':['x','y']}|field 'gold' is missing",
        "{'id':'a','question':'q','choices':['x','y'],'gold':2}"
            + "|field 'gold' is not a whole number from 0 to 1",
        "{'id':'a','question':'q','choices':['x','y'],'gold':-1}"
            + "|field 'gold' is not a whole number from 0 to 1",
        "{'id':'a','question':'q','choices':['x','y'],'gold':0.0}"
            + "|field 'gold' is not a whole number from 0 to 1",
        "{'id':'a','question':'q','choices':['x'],'gold':0}|field 'choices' has fewer than 2 texts",
        "{'id':'a','question':'q','choices':'xy','gold':0}|field 'choices' is not a list of strings",
        "{'id':'a','question':'q','choices':['x',2],'gold':0}"
            + "|field 'choices' is not a list of strings",
        "{'id':'a','question':7,'choices':['x','y'],'gold':0}|field 'question' is not a string",
        "{'question':'q','choices':['x','y'],'gold':0}|field 'id' is missing"
      })
  void wrongRecordOfArcIsBadInput(String record, String fact) throws IOException {
    String good = "{\"id\":\"a\",\"question\":\"q\",\"choices\":[\"x\",\"y\"],\"gold\":1}\n";
    String wrong = record.replace('\'', '"') + "\n";

    assertBad("arc_easy", write("arc/ARC-Easy-test.jsonl", good + wrong), "line 2: " + fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'sentence':'no gap','option1':'a','option2':'b','answer':'1'}"
            + "|field 'sentence' has no gap '_'",
        "{'sentence':'a _','option1':'a','option2':'b','answer':'3'}"
            + "|field 'answer' is neither \"1\" nor \"2\"",
        "{'sentence':'a _','option1':'a','answer':'1'}|field 'option2' is missing"
      })
  void wrongRecordOfWinograndeIsBadInput(String record, String fact) throws IOException {
    assertBad(
        "winogrande", write("winogrande/dev.jsonl", record.replace('\'', '"')), "line 1: " + fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'query':'q','endings':['a','b','c'],'label':0}|field 'endings' has 3 texts, not 4",
        "{'query':'q','endings':['a','b','c','d'],'label':4}"
            + "|field 'label' is not a whole number from 0 to 3",
        "{'endings':['a','b','c','d'],'label':0}|field 'activity_label' is missing"
      })
  void wrongRecordOfHellaSwagIsBadInput(String record, String fact) throws IOException {
    assertBad(
        "hellaswag",
        write("hellaswag/hellaswag_val.jsonl", record.replace('\'', '"')),
        "line 1: " + fact);
  }

  @ParameterizedTest
  @CsvSource({
    "arc_easy,arc/ARC-Easy-test.jsonl,question",
    "piqa,piqa/valid.jsonl,goal",
    "hellaswag,hellaswag/hellaswag_val.jsonl,endings",
    "winogrande,winogrande/dev.jsonl,sentence"
  })
  void aFileOfAnotherFormIsNotReadBeyondItsFirstRecord(String task, String name, String field)
      throws IOException {
    assertBad(
        task,
        write(name, "{\"text\":\"b\"}\nno JSON\n"),
        "line 1: field '" + field + "' is missing");
  }

  @Test
  void recordsWithoutLabelsAndWithoutTheirFileAreBadInput() throws IOException {
    write("piqa/valid.jsonl", "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n");

    assertBad("piqa", folder.resolve("piqa/valid-labels.lst"), "no such file, packed or not");
  }

  @Test
  void otherCountOfLabelsIsBadInput() throws IOException {
    Path records =
        write("piqa/valid.jsonl", "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n".repeat(3));
    Path labels = write("piqa/valid-labels.lst", "0\n1\n");

    assertBad("piqa", labels, "2 labels for the 3 records of " + records);
  }

  @Test
  void labelThatIsNoSolutionIsBadInput() throws IOException {
    write("piqa/valid.jsonl", "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n");

    assertBad("piqa", write("piqa/valid-labels.lst", "0 2\n"), "label 2 is '2', neither 0 nor 1");
  }

  @Test
  void truncatedLastLineIsBadInput() throws IOException {
    Path file = write("winogrande/dev.jsonl", "{\"sentence\":\"a _ b\",\"opt");

    assertThatThrownBy(() -> Made.task("winogrande", folder, 0, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": line 1")
        .hasMessageContaining("truncated last line");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "5,3", "2499,1500", "2500,1500", "10042,9042"})
  void validationSplitIsDividedIntoScoredAndPool(int records, int scored) throws IOException {
    write(
        "hellaswag/hellaswag_val.jsonl",
        IntStream.range(0, records)
            .mapToObj(i -> "{\"query\":\"" + i + "\",\"endings\":[\"a\",\"b\",\"c\",\"d\"],")
            .map(line -> line + "\"label\":0}\n")
            .collect(Collectors.joining()));

    assertThat(Made.task("hellaswag-valshots", folder, 0, 1).samples()).hasSize(scored);
  }
}

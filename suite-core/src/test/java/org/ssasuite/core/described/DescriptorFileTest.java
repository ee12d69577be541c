package org.ssasuite.core.described;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;

class DescriptorFileTest {
  @TempDir Path folder;

  /** What a file says when one piece of a good one is another. */
  private void refused(String good, String piece, String other, String fact) {
    assertThat(good).contains(piece);
    Path file = Made.write(folder, "task.json", good.replace(piece, other));

    assertThatThrownBy(() -> DescriptorFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ssasuite/task/1 | ssasuite/task/2 | has schema ssasuite/task/2, not ssasuite/task/1",
        "\"schema\" | \"scheme\" | has no schema",
        "\"name\": \"notes\" | \"name\": \"No es\" | name is 'No es'",
        "\"name\": \"notes\" | \"name\": \"a@4096\" | name is 'a@4096'",
        "\"name\": \"notes\" | \"name\": \"../up\" | name is '../up'",
        "\"name\": \"notes\" | \"name\": 5 | name is 5; a text is needed",
        "\"version\": 1 | \"version\": 0 | version is 0",
        "\"version\": 1 | \"version\": 1.5 | version is 1.5; a whole number is needed",
        "\"version\": 1, | `` | version is missing",
        "rows.jsonl | ../rows.jsonl | data is '../rows.jsonl'",
        "rows.jsonl | /etc/passwd | data is '/etc/passwd'",
        "rows.jsonl | a/../../b.csv | data is 'a/../../b.csv'",
        "rows.jsonl | `` | data is ''",
        "\"version\": 1 | \"version\": 1, \"limit\": 0 | limit is 0",
        "\"version\": 1 | \"version\": 1, \"verzion\": 1 | verzion is no key of ssasuite/task/1",
        "\"version\": 1 | \"version\": 1, \"version\": 1 | key 'version' is there twice",
        "\"rate\" | \"rated\" | rate, choose and generate: one of them is needed, not 0",
        "\"tokens\" | \"token\": 5, \"tokens\" | rate.token is no key of ssasuite/task/1",
        "\"tokens\": 64 | \"tokens\": 1 | tokens is 1; 2 or more is needed",
        "\"tokens\": 64 | \"tokens\": \"64\" | rate.tokens is \"64\"; a whole number is needed",
        "\"tokens\": 64 | \"tokens\": 64, \"windows\": \"some\" | known are first, rolling",
        "{title}\\n{text} | plain | text names no field of a row",
        "{title}\\n{text} | {title | text has at character 0 a '{' that is of no field",
        "{title}\\n{text} | {title}} | a '}' that is of no field",
        "{title}\\n{text} | {} | text has at character 0 a '{' that is of no field",
        "{title}\\n{text} | {title}\\ud800 | half of a surrogate pair",
      })
  void aDescriptorOfWrongPiecesIsRefused(String piece, String other, String fact) {
    refused(Made.RATE, piece, other, fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"choices_field\": \"choices\", | `` | choices or choices_field: one of them is needed",
        "\"answer\" | \"choices\": [\"{a}\", \"b\"], \"answer\" | choices or choices_field: one",
        "\"choices_field\": \"choices\" | \"choices\": [\"a\"] | 2 or more are needed",
        "\"choices_field\": \"choices\" | \"choices\": [\"a\", null] | choices[1]",
        "\"answer\": \"gold\", | `` | choose.answer is missing",
        "\"answer\" | \"metric\": \"f1\", \"answer\" | metric is 'f1'; known are acc_norm, acc,",
        "\"answer\" | \"labels\": [\"A\"], \"labels_field\": \"l\", \"answer\" | not both",
        "\"count\": 1 | \"count\": -1 | count -1",
        "\"count\": 1 | \"count\": 1, \"data\": \"/tmp/x.csv\" | data is '/tmp/x.csv'",
        "\"count\": 1 | \"count\": 99999999999 | choose.shots.count is 99999999999",
        "\"answer\" | \"truncation\": {\"cut\": \"middle\", \"tokens\": 1}, \"answer\" | 2 or more",
        "\"choose\" | \"rate\": {\"text\": \"{q}\", \"tokens\": 8}, \"choose\" | needed, not 2",
      })
  void aDescriptorOfWrongChoicesIsRefused(String piece, String other, String fact) {
    refused(Made.CHOOSE, piece, other, fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "token_f1 | f2 | known are token_f1, rouge_l, exact, contains_all, contains_part,",
        "\"max_tokens\": 8 | \"max_tokens\": 0 | max_tokens is 0",
        "\"max_tokens\": 8 | \"max_tokens\": 8, \"stops\": [\"\"] | stops has an empty text",
        "\"max_tokens\": 8 | \"max_tokens\": 8, \"stops\": \"x\" | a list is needed",
        "\"max_tokens\": 8 | \"max_tokens\": 8, \"take\": \"all\" | known are whole, stripped,",
      })
  void aDescriptorOfWrongGenerationsIsRefused(String piece, String other, String fact) {
    refused(Made.GENERATE, piece, other, fact);
  }

  @Test
  void whatIsLeftOutIsInTheText() {
    Path file = Made.write(folder, "task.json", Made.RATE);

    assertThat(DescriptorFile.read(file).text())
        .isEqualTo(
            "{\"schema\":\"ssasuite/task/1\",\"name\":\"notes\",\"version\":1,"
                + "\"data\":\"rows.jsonl\",\"id\":null,\"document\":null,\"limit\":null,"
                + "\"rate\":{\"text\":\"{title}\\n{text}\",\"windows\":\"first\",\"tokens\":64},"
                + "\"choose\":null,\"generate\":null}");
  }

  @Test
  void theTextReadAgainIsTheSame() {
    for (String descriptor : new String[] {Made.RATE, Made.CHOOSE, Made.GENERATE}) {
      DescriptorFile once = DescriptorFile.parse("task", descriptor);

      assertThat(DescriptorFile.parse("task", once.text())).isEqualTo(once);
    }
  }

  @Test
  void whiteSpaceAndOrderDoNotMatter() {
    String other =
        """
        {"version": 1, "rate": {"tokens": 64, "windows": "first", "text": "{title}\\n{text}"},
         "data": "rows.jsonl", "name": "notes", "schema": "ssasuite/task/1", "limit": null}
        """;

    assertThat(DescriptorFile.parse("task", other).digest())
        .isEqualTo(DescriptorFile.parse("task", Made.RATE).digest());
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    Path file = Made.write(folder, "task.json", "\uFEFF" + Made.RATE);

    assertThat(DescriptorFile.read(file).descriptor().name()).isEqualTo("notes");
  }

  @Test
  void theDescriptorsOfTheDocumentAreGood() throws IOException {
    Path page = Path.of(System.getProperty("ssa.root")).resolve("docs/adding-a-task.md");
    Matcher block =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(page));

    assertThat(block.results().map(found -> DescriptorFile.parse("page", found.group(1))))
        .extracting(file -> file.descriptor().name())
        .containsExactly("my-quiz", "my-books", "my-questions");
  }
}

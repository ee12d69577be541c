package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.Wishes;

/** The same records in the suite's own layout and in repositories of a hub. */
class HubLayoutTest {
  private static final String PIQA =
      "{\"goal\": \"g%1$d\", \"sol1\": \"a\", \"sol2\": \"b\", \"label\": %2$d}\n";
  private static final String ARC =
      "{\"id\": \"Q%1$d\", \"question\": \"q%1$d\", \"choices\": {\"text\": [\"x\", \"y\"], \"label\":"
          + " [\"A\", \"B\"]}, \"answerKey\": \"B\"}\n";
  private static final String WINOGRANDE =
      "{\"sentence\": \"s%1$d _ t\", \"option1\": \"x\", \"option2\": \"y\", \"answer\": \"1\"}\n";
  private static final String HELLASWAG =
      "{\"ind\": %1$d, \"activity_label\": \"Run\", \"ctx_a\": \"a\", \"ctx_b\": \"b%1$d\", \"endings\":"
          + " [\"1\", \"2\", \"3\", \"4\"], \"label\": \"3\"}\n";

  @TempDir Path folder;

  private void write(String name, String record, int from) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        record.formatted(from, 0) + record.formatted(from + 1, 1) + record.formatted(from + 2, 0));
  }

  private static String record(String task) {
    return switch (task) {
      case "piqa" -> PIQA;
      case "hellaswag" -> HELLASWAG;
      case "winogrande" -> WINOGRANDE;
      default -> ARC;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "piqa, piqa/valid.jsonl, piqa/train.jsonl, data/validation.jsonl, data/train.jsonl",
    "hellaswag, hellaswag/hellaswag_val.jsonl, hellaswag/hellaswag_train.jsonl,"
        + " data/validation.jsonl, data/train.jsonl",
    "winogrande, winogrande/dev.jsonl, winogrande/train_xl.jsonl, winogrande_xl/validation.jsonl,"
        + " winogrande_xl/train.jsonl",
    "arc_easy, arc/ARC-Easy-test.jsonl, arc/ARC-Easy-train.jsonl, ARC-Easy/test.jsonl,"
        + " ARC-Easy/train.jsonl",
    "arc_challenge, arc/ARC-Challenge-test.jsonl, arc/ARC-Challenge-train.jsonl,"
        + " ARC-Challenge/test.jsonl, ARC-Challenge/train.jsonl"
  })
  void requestsAreThoseOfTheSuitesOwnLayout(
      String task, String scored, String pool, String hubScored, String hubPool)
      throws IOException {
    write("own/" + scored, record(task), 0);
    write("own/" + pool, record(task), 10);
    write("hub/" + hubScored, record(task), 0);
    write("hub/" + hubPool, record(task), 10);
    List<String> expected = Made.lines(task, folder.resolve("own"), 2, 7).toList();
    assertThat(expected).isNotEmpty();
    assertThat(Made.lines(task, folder.resolve("hub"), 2, 7).toList()).isEqualTo(expected);
  }

  @Test
  void theDigestIsOfTheFilesThatWereRead() throws IOException {
    write("own/piqa/valid.jsonl", PIQA, 0);
    write("hub/data/validation.jsonl", PIQA, 0);
    assertThat(Made.task("piqa", folder.resolve("hub"), 0, 1).dataDigest())
        .isEqualTo(Made.task("piqa", folder.resolve("own"), 0, 1).dataDigest());
  }

  @Test
  void hellaswagsShotsComeFromTheTrainingSplitWhereItIsThere() throws IOException {
    write("hub/data/validation.jsonl", HELLASWAG, 0);
    assertThat(suite()).contains("hellaswag-valshots").doesNotContain("hellaswag");
    write("hub/data/train.jsonl", HELLASWAG, 10);
    assertThat(suite()).contains("hellaswag").doesNotContain("hellaswag-valshots");
  }

  private List<String> suite() {
    return new CommonsenseTasks()
            .suite(
                "commonsense",
                new Wishes(List.of(), OptionalInt.of(1), List.of(), OptionalInt.empty(), Map.of()),
                Made.supplies(folder.resolve("hub")))
            .stream()
            .map(TaskOffer::name)
            .toList();
  }

  @Test
  void anotherDataSetIsNamedWithTheTasksThatItServes() throws IOException {
    write("hub/data/validation.jsonl", HELLASWAG, 0);
    Path data = folder.resolve("hub");
    assertThatThrownBy(() -> Made.task("piqa", data, 0, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage(data + ": has no PIQA; it holds HellaSwag (hellaswag, hellaswag-valshots)");
  }

  @Test
  void aFolderWithoutAnythingNamesTheFileOfTheSuitesOwnLayout() {
    assertThatThrownBy(() -> Made.task("winogrande", folder, 0, 1))
        .hasMessage(folder.resolve("winogrande/dev.jsonl") + ": no such file, packed or not");
  }
}

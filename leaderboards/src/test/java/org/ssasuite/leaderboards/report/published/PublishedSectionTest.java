package org.ssasuite.leaderboards.report.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpResult;

class PublishedSectionTest {
  @TempDir Path folder;

  private static final List<PublishedTable> OURS =
      PublishedTable.in(Path.of(System.getProperty("ssa.root")).resolve("leaderboards/published"));

  private static Section beside(MadeUpResult... results) {
    return PublishedSection.of(
        OURS, List.of(results).stream().map(MadeUpResult::reported).toList());
  }

  @Test
  void figuresOfTheSameTaskStandBehindOurs() {
    Section section =
        beside(MadeUpResult.of(new TaskId("commonsense", "piqa", 1)).with("acc_norm", 61.5));

    assertThat(section.rows()).hasSize(12);
    assertThat(section.rows().get(0).cells()).contains(Cell.of("ours"), Cell.of(61.5));
    assertThat(section.rows().get(3).cells())
        .contains(
            Cell.of("published"),
            Cell.of("SSA-1B"),
            Cell.of(74.54),
            Cell.of(0.48),
            Cell.of("arXiv 2511.20102 v4, Table 1"));
  }

  @Test
  void whatTheProtocolDiffersInIsSaid() {
    Section section =
        beside(MadeUpResult.of(new TaskId("commonsense", "piqa", 1)).with("acc_norm", 61.5));
    assertThat(section.notes())
        .singleElement()
        .asString()
        .startsWith("arXiv 2511.20102 v4, Table 1 differs: Models of 1B parameters.");
  }

  @Test
  void publishedRowsAreNeverRanked() {
    Section section =
        beside(MadeUpResult.of(new TaskId("commonsense", "piqa", 1)).with("acc_norm", 61.5));
    assertThat(section.rows()).allMatch(row -> row.standing().isEmpty());
  }

  @Test
  void needlesAreOfTheSameLength() {
    MadeUpResult at8k =
        MadeUpResult.of(new TaskId("ruler", "niah_single_2", 1))
            .from(TaskOrder.of("niah_single_2").withLength(8192))
            .with("string_match_all", 12);
    assertThat(beside(at8k).rows()).hasSize(23);
    assertThat(beside(at8k).rows().get(2).cells()).contains(Cell.of(100.0));
    assertThat(beside(at8k.from(TaskOrder.of("niah_single_2").withLength(6000))).rows()).isEmpty();
  }

  @Test
  void everyTableStatesItsSourceAndDifferences() {
    assertThat(OURS)
        .hasSize(4)
        .allMatch(table -> table.source().equals("arXiv 2511.20102 v4"))
        .allMatch(table -> !table.differences().isEmpty());
  }

  @Test
  void aTableWithAValueTooFewIsRefusedByName() throws IOException {
    Path file = folder.resolve("t.json");
    Files.writeString(
        file,
        "{\"schema\": \"ssasuite/published/1\", \"source\": \"s\", \"table\": \"t\", \"title\":"
            + " \"x\", \"differences\": [], \"columns\": [{\"task\": \"piqa\", \"length\": null,"
            + " \"metric\": null}], \"rows\": [{\"model\": \"m\", \"mode\": \"full\", \"values\":"
            + " []}]}");
    assertThatThrownBy(() -> PublishedTable.in(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining("m: 0 values, 1 columns");
  }
}

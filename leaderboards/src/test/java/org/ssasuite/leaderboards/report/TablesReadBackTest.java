package org.ssasuite.leaderboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.compare.PlantedRun;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Tables as others read them: Tablesaw, and by the rules that pandas' read_csv goes by. */
class TablesReadBackTest {
  private static final Pattern THOUSANDS = Pattern.compile("[0-9]{1,3}([,  '_][0-9]{3})+");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  @TempDir Path folder;

  @BeforeEach
  void report() throws IOException {
    double[] answers = new double[1200];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = i % 3 == 0 ? 1 : 0;
    }
    Path run =
        new PlantedRun("my, \"model\"", "full")
            .answers("quiz", answers)
            .answers("riddles", answers)
            .losses("books", 1, 2)
            .write(folder.resolve("run"));
    Terminal.Outcome outcome =
        Terminal.type("report", run, "--out", folder.resolve("out"), "--sections", sections());
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  private Path sections() {
    return folder.resolve("sections");
  }

  private List<Path> tables() throws IOException {
    List<Path> tables = new ArrayList<>();
    for (Path place : List.of(sections(), folder.resolve("out"))) {
      try (Stream<Path> files = Files.list(place)) {
        files.filter(file -> file.toString().endsWith(".csv")).sorted().forEach(tables::add);
      }
    }
    return tables;
  }

  private static Table read(Path file) {
    return Table.read().usingOptions(CsvReadOptions.builder(file.toFile()).sample(false));
  }

  @Test
  void eachHasOneHeaderRowOfDistinctNamesWithoutSpaces() throws IOException {
    assertThat(tables()).hasSizeGreaterThanOrEqualTo(3);
    for (Path file : tables()) {
      List<String> names = List.of(Files.readAllLines(file).get(0).split(",", -1));
      assertThat(names).as(file.toString()).doesNotHaveDuplicates();
      assertThat(names).allMatch(name -> NAME.matcher(name).matches());
      assertThat(read(file).columnNames()).isEqualTo(names);
    }
  }

  @Test
  void figuresAreNumbersForAReaderThatKnowsNoLocale() throws IOException {
    Table board = read(folder.resolve("out/leaderboard.csv"));
    for (String name : List.of("value", "low", "high", "level", "samples", "tokens")) {
      assertThat(board.column(name).type())
          .as(name)
          .isIn(ColumnType.DOUBLE, ColumnType.INTEGER, ColumnType.LONG);
    }
    assertThat(board.numberColumn("samples").max()).isEqualTo(1200);
    for (Path file : tables()) {
      assertThat(THOUSANDS.matcher(Files.readString(file).replace(",", ";")).find()).isFalse();
    }
  }

  @Test
  void aNameWithCommasAndQuotesComesBackWhole() {
    assertThat(read(folder.resolve("out/leaderboard.csv")).stringColumn("model").get(0))
        .isEqualTo("my, \"model\"");
  }

  @Test
  void aSuitesAverageIsATableOfItsOwn() {
    Table averages = read(sections().resolve("suite-averages.csv"));
    assertThat(averages.numberColumn("tasks").get(0)).isEqualTo(2);
    assertThat(averages.doubleColumn("value").get(0)).isBetween(33.0, 34.0);
    assertThat(averages.doubleColumn("value_low").get(0)).isLessThan(33.3);
  }

  @Test
  void jsonSaysNumbersAsNumbersAndItsColumnsAreThoseOfTheCsv() throws IOException {
    JsonNode report = new ObjectMapper().readTree(sections().resolve("report.json").toFile());
    assertThat(report.path("schema").textValue()).isEqualTo("ssasuite/report/1");
    for (JsonNode section : report.path("sections")) {
      for (JsonNode column : section.path("columns")) {
        String key = column.path("key").textValue();
        Path csv = sections().resolve(section.path("key").textValue() + ".csv");
        assertThat(Files.readAllLines(csv).get(0).split(",", -1)).contains(key);
      }
      for (JsonNode row : section.path("rows")) {
        for (JsonNode cell : row.path("cells")) {
          assertThat(cell.has("text") || cell.path("value").isNumber()).isTrue();
        }
      }
    }
  }
}

package org.ssasuite.leaderboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.leaderboards.report.Runs.Row;

class ReportFilesTest {
  private static Leaderboard of(Row... rows) {
    return report(rows).leaderboard();
  }

  private static String markdown(Row... rows) {
    return LeaderboardMarkdown.of(report(rows));
  }

  private static Report report(Row... rows) {
    Runs runs = new Runs();
    for (Row row : rows) {
      runs.add(row);
    }
    return Report.of(List.of(runs.in("runs/x")));
  }

  private static String csvField(Leaderboard leaderboard, String column) {
    List<String> lines = LeaderboardCsv.of(leaderboard).lines().toList();
    int index = List.of(lines.get(0).split(",")).indexOf(column);
    return lines.get(1).split(",", -1)[index];
  }

  @Test
  void csvHasAllDigits() {
    assertThat(csvField(of(Row.of("m", 1.0 / 3)), "value")).isEqualTo("0.3333333333333333");
  }

  @Test
  void csvHasTheColumnsThatFormatsMdLists() {
    assertThat(LeaderboardCsv.of(of(Row.of("m", 1))).lines().findFirst())
        .contains(
            "model,mode,trained_tokens,benchmark,task,task_version,metric,better,value,low,high,"
                + "level,interval_method,few_documents,samples,documents,unscored,"
                + "truncated_samples,cut_tokens,tokens,tokens_per_second,token_nats,"
                + "bits_per_byte,best,protocol,data_digest,precision,device,rope,run,commit,"
                + "runs,run_tokens,shared_tokens,chance,indistinguishable_from_chance,"
                + "standard_error,acc,acc_norm,processor,threads,command");
  }

  @Test
  void csvLeavesTheEndsOfNoIntervalEmpty() {
    Leaderboard single = of(Row.of("m", 3).of(1));

    assertThat(csvField(single, "low")).isEmpty();
    assertThat(csvField(single, "interval_method")).isEqualTo("none");
  }

  @Test
  void csvFlagsFewDocuments() {
    assertThat(csvField(of(Row.of("m", 3).of(19)), "few_documents")).isEqualTo("true");
    assertThat(csvField(of(Row.of("m", 3).of(20)), "few_documents")).isEqualTo("false");
  }

  @Test
  void csvTakesFurtherMetricsOverAllSamplesOnly() {
    assertThat(csvField(of(Row.of("m", 3)), "token_nats")).isEqualTo("3.5");
    assertThat(csvField(of(Row.of("m", 3)), "bits_per_byte")).isEmpty();
  }

  @Test
  void csvHasTheWorkThatWasDone() {
    assertThat(csvField(of(Row.of("m", 3)), "runs")).isEqualTo("5");
    assertThat(csvField(of(Row.of("m", 3)), "run_tokens")).isEqualTo("600");
    assertThat(csvField(of(Row.of("m", 3)), "shared_tokens")).isEqualTo("400");
  }

  @Test
  void csvSaysOnWhatAndHowARowWasMade() {
    assertThat(csvField(of(Row.of("m", 3)), "processor")).isEqualTo("a processor");
    assertThat(csvField(of(Row.of("m", 3)), "threads")).isEqualTo("2");
    assertThat(csvField(of(Row.of("m", 3)), "command"))
        .isEqualTo("./ssa run --model m --modes full --tasks pg19 --device cpu --precision fp32");
  }

  @Test
  void csvSaysWhetherGuessingExplainsTheValue() {
    assertThat(csvField(of(Row.of("m", 26).guessedAt(25)), "chance")).isEqualTo("25.0");
    String flag = "indistinguishable_from_chance";
    assertThat(csvField(of(Row.of("m", 26).guessedAt(25)), flag)).isEqualTo("true");
    assertThat(csvField(of(Row.of("m", 27).guessedAt(25)), flag)).isEqualTo("false");
    assertThat(csvField(of(Row.of("m", 27)), flag)).isEmpty();
  }

  @Test
  void csvQuotesWhatWouldBreakALine() {
    String csv = LeaderboardCsv.of(of(Row.of("a,\"b\"\nc", 3)));

    assertThat(csv).contains("\n\"a,\"\"b\"\"\\nc\",full,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\uFF1D1", "=cmd|' /C calc'!A1"})
  void csvShowsWhatASpreadsheetWouldCompute(String name) {
    assertThat(LeaderboardCsv.of(of(Row.of(name, 3)))).contains("\n'" + name + ",full,");
  }

  @Test
  void csvLeavesOtherNamesAsTheyAre() {
    assertThat(LeaderboardCsv.of(of(Row.of("a=1-b@c", 3)))).contains("\na=1-b@c,full,");
  }

  @Test
  void controlCharactersAreWrittenOutInEveryTable() {
    Leaderboard board = of(Row.of("a\u001b[31m\u202eb\tc", 3));

    assertThat(LeaderboardCsv.of(board)).contains("a\\u001b[31m\\u202eb\\tc");
    assertThat(MarkdownTable.escaped("a\u001b[31m\u202e")).isEqualTo("a\\\\u001b\\[31m\\\\u202e");
  }

  @Test
  void jsonLeavesOutWhatIsAbsent() {
    String json = LeaderboardJson.of(of(Row.of("m", 3).of(1)));

    assertThat(json)
        .contains("\"schema\" : \"ssasuite/leaderboard/1\"", "\"value\" : 3.0")
        .doesNotContain("\"low\"");
  }

  @Test
  void markdownRoundsValueAndIntervalAlike() {
    assertThat(markdown(Row.of("m", 15.126))).contains("| 15.13 | 14.13 – 16.13 |");
  }

  @Test
  void markdownMarksTheBestAndFewDocuments() {
    String text = markdown(Row.of("a", 15).of(3), Row.of("b", 16).of(3));

    assertThat(text).contains("**15.00**", "14.00 – 16.00 †", "†: fewer than 20 documents");
  }

  @Test
  void markdownMarksWhatGuessingExplains() {
    String text = markdown(Row.of("a", 26).guessedAt(25), Row.of("b", 27).guessedAt(25));

    assertThat(text)
        .contains("25.00 – 27.00 § |", "26.00 – 28.00 |", " 25.00 |")
        .contains("§: the interval holds the chance level");
  }

  @Test
  void markdownWithoutAnythingToGuessHasNoChanceColumn() {
    assertThat(markdown(Row.of("a", 26))).doesNotContain("Chance", "§");
  }

  @Test
  void markdownTellsProtocolsOfOneTaskApart() {
    String text = markdown(Row.of("a", 15), Row.of("a", 16).onProtocol("book/first-16"));

    assertThat(text)
        .containsPattern("pg19 v1 \\| +1 \\| [^\n]*15.00")
        .containsPattern("pg19 v1 \\| +2 \\| [^\n]*16.00")
        .contains("1. pg19 v1: book/first-8 (data d1)", "2. pg19 v1: book/first-16 (data d1)");
  }

  @Test
  void markdownLinesAreOfOneWidth() {
    String table = markdown(Row.of("short", 15), Row.of("a longer name", 9999));

    assertThat(table.lines().filter(line -> line.startsWith("|")).map(String::length).distinct())
        .hasSize(1);
  }

  @Test
  void markdownCellsKeepForeignTextHarmless() {
    assertThat(MarkdownTable.escaped("a|b\nc*d\\<e>")).isEqualTo("a\\|b\\\\nc\\*d\\\\\\<e>");
  }

  @Test
  void roundingNeverCutsDigitsBeforeThePoint() {
    assertThat(Rounding.of(17_954.6)).isEqualTo("17955");
    assertThat(Rounding.of(0.012_345_6)).isEqualTo("0.01235");
    assertThat(Rounding.of(9.999_96)).isEqualTo("10.00");
    assertThat(Rounding.of(0)).isEqualTo("0.000");
    assertThat(Rounding.of(589_519_468_615_277.0)).isEqualTo("5.895e+14");
  }
}

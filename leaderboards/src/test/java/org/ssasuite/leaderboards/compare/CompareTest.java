package org.ssasuite.leaderboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;

class CompareTest {
  @TempDir Path folder;

  @Test
  void aLossIsToldInPercentOfPerplexityWithScipysProbability() throws IOException {
    JsonNode vector = pairedT(12);
    JsonNode row = row(compare(losses("a", vector.get("a")), losses("b", vector.get("b"))), 0);

    double difference = vector.get("difference").doubleValue();
    assertThat(number(row, "difference")).isCloseTo(100 * Math.expm1(difference), within(1e-9));
    assertThat(number(row, "low"))
        .isCloseTo(100 * Math.expm1(vector.get("low").doubleValue()), within(1e-6));
    assertThat(row.get("unit").textValue()).isEqualTo("%");
    assertThat(row.get("test").textValue()).isEqualTo("paired t");
    assertThat(number(row, "p")).isCloseTo(vector.get("p").doubleValue(), within(1e-9));
  }

  @Test
  void anAccuracyIsToldInPointsWithMcNemarsProbability() throws IOException {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "mcnemar")) {
      int onlyA = vector.get("only_a").intValue();
      int onlyB = vector.get("only_b").intValue();
      if (onlyA + onlyB == 0 || onlyA > 100) {
        continue;
      }
      int n = onlyA + onlyB + 20;
      double[] a = new double[n];
      double[] b = new double[n];
      Arrays.fill(a, 0, onlyA, 1);
      Arrays.fill(b, onlyA, onlyA + onlyB, 1);
      String name = onlyA + "-" + onlyB;
      Path first = new PlantedRun("m", "full").answers("quiz", a).write(folder.resolve("a" + name));
      Path second =
          new PlantedRun("m", "full").answers("quiz", b).write(folder.resolve("b" + name));
      JsonNode row = row(compare(first, second), 0);

      assertThat(row.get("test").textValue()).isEqualTo("McNemar");
      assertThat(number(row, "p")).isCloseTo(vector.get("p").doubleValue(), within(1e-12));
      assertThat(number(row, "difference")).isCloseTo(100.0 * (onlyB - onlyA) / n, within(1e-9));
    }
  }

  @Test
  void severalTasksShareAlphaByHolm() throws IOException {
    PlantedRun a = new PlantedRun("m", "full");
    PlantedRun b = new PlantedRun("m", "full");
    // Ten, eight and six samples that B alone has right: p = 2·2^−k.
    for (int k : new int[] {10, 8, 6}) {
      double[] right = new double[20];
      Arrays.fill(right, 0, k, 1);
      a.answers("quiz" + k, new double[20]);
      b.answers("quiz" + k, right);
    }
    JsonNode rows = rows(compare(a.write(folder.resolve("a")), b.write(folder.resolve("b"))));

    assertThat(rows.findValuesAsText("p_holm"))
        .containsExactly(
            String.valueOf(3 * Math.pow(2, -9)),
            String.valueOf(2 * Math.pow(2, -7)),
            String.valueOf(Math.pow(2, -5)));
    assertThat(rows.findValuesAsText("verdict")).containsOnly("b_better");
  }

  @Test
  void withoutEnoughEvidenceNoDifferenceIsShown() {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 0, 1, 1, 0, 1).write(path("a"));
    Path b = new PlantedRun("m", "full").answers("quiz", 1, 1, 1, 0, 0, 0).write(path("b"));

    Outcome outcome = Terminal.type("compare", a, b);

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .contains("no difference shown")
        .contains("Smallest visible difference");
  }

  @Test
  void smallestVisibleDifferenceIsThatOfTheNonCentralT() throws IOException {
    for (JsonNode vector : Golden.vectors("paired.jsonl", "power")) {
      if (vector.get("documents").intValue() != 20 || vector.get("alpha").doubleValue() != 0.05) {
        continue;
      }
      JsonNode data = pairedT(20);
      double power = vector.get("power").doubleValue();
      JsonNode row =
          row(compare(losses("a", data.get("a")), losses("b", data.get("b")), "--power", power), 0);
      double deviation = data.get("standard_error").doubleValue() * Math.sqrt(20);
      assertThat(number(row, "smallest_visible"))
          .isCloseTo(
              100 * Math.expm1(vector.get("effect").doubleValue() * deviation), within(1e-3));
    }
  }

  @Test
  void samplesOfOneDocumentAreNoIndependentAnswers() throws IOException {
    List<PlantedRun.Item> right =
        List.of(
            new PlantedRun.Item("s0", "x", 1, 1),
            new PlantedRun.Item("s1", "x", 1, 1),
            new PlantedRun.Item("s2", "y", 1, 1));
    List<PlantedRun.Item> wrong =
        right.stream()
            .map(i -> new PlantedRun.Item(i.id(), i.document(), i.id().equals("s0") ? 0 : 1, 1))
            .toList();
    JsonNode row = row(compare(quiz("a", right), quiz("b", wrong)), 0);

    assertThat(row.get("test").textValue()).isEqualTo("paired t");
    assertThat(row.get("documents").intValue()).isEqualTo(2);
    assertThat(row.get("samples").intValue()).isEqualTo(3);
  }

  @Test
  void aSingleDocumentCannotTell() throws IOException {
    Path a = quiz("a", List.of(new PlantedRun.Item("s0", "x", 0.5, 1)));
    Path b = quiz("b", List.of(new PlantedRun.Item("s0", "x", 0.25, 1)));
    assertThat(row(compare(a, b), 0).get("verdict").textValue()).isEqualTo("one_document");
  }

  @Test
  void whatOnlyOneRunWasAskedIsLeftOutAndCounted() throws IOException {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 1, 0, 1).write(path("a"));
    Path b = new PlantedRun("m", "full").answers("quiz", 1, 1, 0).write(path("b"));
    JsonNode row = row(compare(a, b), 0);

    assertThat(row.get("samples").intValue()).isEqualTo(3);
    assertThat(row.get("only_a").intValue()).isEqualTo(1);
    assertThat(row.get("verdict").textValue()).isEqualTo("identical");
    assertThat(Terminal.type("compare", a, b).out())
        .contains("Left out of m full quiz: 1 samples that only A was asked.");
  }

  @Test
  void samplesWithoutAScoreMakeTheComparisonIncomplete() {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 1, 0, 1).write(path("a"));
    Path b = new PlantedRun("m", "full").answers("quiz", 1, 1, 0, Double.NaN).write(path("b"));
    assertThat(Terminal.type("compare", a, b).status()).isEqualTo(4);
  }

  @Test
  void rowsOfOtherNamesArePairedWhereThereIsOneModel() throws IOException {
    Path a = new PlantedRun("old", "full").answers("quiz", 1, 0).write(path("a"));
    Path b = new PlantedRun("new", "sparse:8x2").answers("quiz", 1, 1).write(path("b"));
    assertThat(rows(compare(a, b))).hasSize(1);
  }

  @Test
  void otherProtocolsAreNotCompared() {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 0).write(path("a"));
    Path b = new PlantedRun("m", "full").protocol("other").answers("quiz", 1, 1).write(path("b"));

    Outcome outcome = Terminal.type("compare", a, b);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("m full quiz: protocol planted against other");
  }

  @Test
  void aRunIsNotComparedWithItself() {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 0).write(path("a"));
    Outcome outcome = Terminal.type("compare", a, a);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: " + a + ": is compared with itself; name rows with --a and --b\n");
  }

  @Test
  void aModelThatIsNotThereIsNamedWithThoseThatAre() {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 0).write(path("a"));
    Outcome outcome = Terminal.type("compare", a, a, "--a", "other");
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: " + a + ": has no row of other; it has m,full\n");
  }

  @Test
  void aTornSampleLineIsBadInputThatNamesTheFile() throws IOException {
    Path a = new PlantedRun("m", "full").answers("quiz", 1, 0).write(path("a"));
    Path b = new PlantedRun("m", "full").answers("quiz", 1, 1).write(path("b"));
    Path log = b.resolve("m/full/quiz/samples.jsonl");
    String text = Files.readString(log);
    Files.writeString(log, text.substring(0, text.length() - 9));
    Outcome outcome = Terminal.type("compare", a, b);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("ssa: " + log + ": ").hasLineCount(1);
  }

  @Test
  void namesWithControlCharactersAreShownAsEscapes() {
    Path a = new PlantedRun("m\u001b[31m\n|", "full").answers("quiz", 1, 0).write(path("a"));
    Path b = new PlantedRun("n\u202e", "full").answers("quiz", 1, 1).write(path("b"));
    Outcome outcome = Terminal.type("compare", a, b);
    assertThat(outcome.out()).contains("m\\\\u001b\\[31m\\\\n\\|").contains("n\\\\u202e");
    assertThat(outcome.out()).doesNotContain("\u001b", "\u202e");
    assertThat(Terminal.type("compare", a, b, "--json").out()).doesNotContain("\u001b", "\u202e");
  }

  private Path quiz(String name, List<PlantedRun.Item> items) {
    return new PlantedRun("m", "full")
        .plant("quiz", Transform.PERCENT, MetricRule.Better.HIGHER, items)
        .write(path(name));
  }

  private Path losses(String name, JsonNode values) {
    double[] losses = new double[values.size()];
    Arrays.setAll(losses, i -> values.get(i).doubleValue());
    Path run = path(name + values.hashCode());
    return Files.exists(run) ? run : new PlantedRun("m", "full").losses("books", losses).write(run);
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private static JsonNode pairedT(int documents) {
    return Golden.vectors("paired.jsonl", "paired_t").stream()
        .filter(vector -> vector.get("a").size() == documents)
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode compare(Path a, Path b, Object... more) throws IOException {
    Object[] words = new Object[4 + more.length];
    words[0] = "compare";
    words[1] = a;
    words[2] = b;
    words[3] = "--json";
    System.arraycopy(more, 0, words, 4, more.length);
    Outcome outcome = Terminal.type(words);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private static JsonNode rows(JsonNode comparison) {
    return comparison.get("rows");
  }

  private static JsonNode row(JsonNode comparison, int i) {
    return rows(comparison).get(i);
  }

  private static double number(JsonNode row, String name) {
    return row.get(name).doubleValue();
  }
}

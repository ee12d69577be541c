package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class GateTest {
  private static final int DOCUMENTS = 40;
  private static final double SPREAD = 0.01;

  @TempDir Path folder;
  private Path baseline;

  @BeforeEach
  void writeBaseline() {
    baseline = folder.resolve("baseline.json");
    Path good = model().losses("books", losses(0, 0)).write(folder.resolve("good"));
    Outcome outcome = Terminal.type("gate", "--write", "--baseline", baseline, "--run", good);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo("m full books: 40 samples\n");
  }

  @ParameterizedTest
  @CsvSource({"0, pass, 0", "0.03, fail, 1", "0.0100, cannot tell, 3", "-0.05, pass, 0"})
  void anIncreaseDecidesTheStatus(double increase, String outcome, int status) {
    Outcome gate = gate(run("now", increase));
    assertThat(gate.status()).isEqualTo(status);
    assertThat(gate.out()).startsWith("**Perplexity gate: " + outcome + "**");
  }

  @Test
  void statusesCanBeChosen() {
    Object[] choice = {"--fail-status", 40, "--cannot-tell-status", 0};
    assertThat(gate(run("bad", 0.03), choice).status()).isEqualTo(40);
    assertThat(gate(run("unclear", 0.01), choice).status()).isZero();
  }

  @Test
  void aGateThatCannotTellSaysHowManyDocumentsWouldSettleIt() throws IOException {
    JsonNode row = json(gate(run("unclear", 0.012), "--json")).get("rows").get(0);
    double seen = Math.log1p(row.get("increase").doubleValue());
    double deviation = row.get("nats_standard_error").doubleValue() * Math.sqrt(DOCUMENTS);
    // By the normal distribution's quantiles; Student's add a few, and a longer bound adds more.
    double rough = Math.pow((2.5758 + 1.2816) * deviation / (seen - Math.log(1.01)), 2);
    assertThat(row.get("documents_needed").doubleValue()).isBetween(rough, 1.3 * rough + 5);
  }

  @Test
  void theMarginIsARelativeIncrease() {
    Path now = run("now", 0.03);
    assertThat(gate(now, "--margin", "5%").status()).isZero();
    assertThat(gate(now, "--margin", "0.05").status()).isZero();
    assertThat(gate(now, "--margin", "2%").status()).isEqualTo(1);
  }

  @Test
  void theRunsModelMayHaveAnotherNameAndOtherWeights() {
    Path now =
        new PlantedRun("step-2000", "full")
            .fact("sha256:model.safetensors", "99")
            .losses("books", losses(0, 0))
            .write(folder.resolve("now"));
    assertThat(gate(now).status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "precision, bf16, precision is fp32 in the baseline; bf16 in the run",
    "shape, large, shape is small in the baseline; large in the run",
    "rope, llama3:4, rope is default in the baseline; llama3:4 in the run",
    "sha256:tokenizer.json, 71, tokenizer is 70 in the baseline; 71 in the run",
  })
  void anotherModelIsBadInputThatNamesIt(String fact, String value, String message) {
    Path now = model().fact(fact, value).losses("books", losses(0, 0)).write(folder.resolve("now"));
    refused(now, message.replace(';', ','));
  }

  @Test
  void anotherDeviceIsRefusedUnlessItIsAllowedAndThenItIsSaid() {
    Path now =
        model().fact("device", "cuda").losses("books", losses(0, 0)).write(folder.resolve("now"));
    refused(now, "m full books: device is cpu in the baseline, cuda in the run");
    assertThat(gate(now, "--allow", "precision").status()).isEqualTo(2);
    Path xml = folder.resolve("gate.xml");
    Outcome allowed = gate(now, "--allow", "device,precision", "--junit", xml);
    assertThat(allowed.status()).isZero();
    assertThat(allowed.out())
        .contains("m full books: device is cpu in the baseline, cuda in the run, as was allowed.");
    assertThat(xml).content().contains("as was allowed");
  }

  @Test
  void nothingButDeviceAndPrecisionCanBeAllowed() {
    assertThat(gate(run("now", 0), "--allow", "protocol").err())
        .isEqualTo("ssa: --allow protocol: is none of device, precision\n");
  }

  @Test
  void aFactThatTheBaselineDoesNotStateIsNamed() {
    Path now = model().fact("cache", "int8").losses("books", losses(0, 0)).write(path("now"));
    refused(now, "m full books: cache is not stated in the baseline, int8 in the run");
  }

  @Test
  void factsThatEarlierBaselinesCouldNotStateAreNotAskedFor() {
    Path now =
        model()
            .fact("norm_epsilon", "1.0E-5")
            .fact("rotary", "theta 10000.0, unscaled")
            .fact("device_name", "A processor")
            .fact("isa", "avx2")
            .losses("books", losses(0, 0))
            .write(path("now"));
    assertThat(gate(now).status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "rotary, 'theta 500000.0, unscaled', 'theta 10000.0, unscaled'",
    "norm_epsilon, 1.0E-6, 1.0E-5"
  })
  void factsThatABaselineStatesAreCompared(String fact, String there, String here) {
    Path before =
        model().fact(fact, there).losses("books", losses(0, 0)).write(path("before " + fact));
    Path own = folder.resolve("own.json");
    assertThat(Terminal.type("gate", "--write", "--baseline", own, "--run", before).status())
        .isZero();
    Path now = model().fact(fact, here).losses("books", losses(0, 0)).write(path("now"));
    Outcome outcome = Terminal.type("gate", "--baseline", own, "--run", now);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(fact + " is " + there + " in the baseline, " + here + " in the run");
  }

  @Test
  void aModeIsNotJudgedByAnother() {
    Path now = new PlantedRun("m", "sparse:8x2").losses("books", losses(0, 0)).write(path("now"));
    refused(now, "the run has no row for m full books; it has m sparse:8x2 books");
  }

  @Test
  void aRunOfAnEarlierVersionIsBadInputThatSaysWhy() throws IOException {
    Path now = run("now", 0);
    PlantedRun.makeFirst(now);
    Outcome outcome = gate(now);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith(
            "ssa: " + now + ": is a run of an earlier version, whose files carry no digests")
        .hasLineCount(1);
  }

  @Test
  void aRunOfAnEarlierVersionWhoseLogWasCutIsToldSo() throws IOException {
    Path now = run("now", 0.03);
    PlantedRun.makeFirst(now);
    Path log = now.resolve("m/full/books/samples.jsonl");
    Files.write(log, Files.readAllLines(log).subList(0, 4));
    Outcome outcome = gate(now);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("ssa: " + log + ": samples is 40 in the results, 4 by the log");
  }

  @Test
  void aBaselineOfTheFirstVersionIsTakenWithANote() throws IOException {
    makeFirstBaseline(1, "1.0");
    Outcome outcome = gate(run("now", 0));
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).contains("The baseline is of an earlier version: it carries no");
    assertThat(gate(run("bad", 0.03)).status()).isEqualTo(1);
  }

  @Test
  void weightsThatDifferBetweenBaselineAndRunAreBadInput() throws IOException {
    for (String weight : new String[] {"0.0", "2.0"}) {
      makeFirstBaseline(2, weight);
      refused(run("now" + weight, 0), "with weight " + weight + " in the baseline");
    }
  }

  /** From the n-th on, samples get this weight. */
  private void makeFirstBaseline(int from, String weight) throws IOException {
    String[] parts =
        Files.readString(baseline)
            .replace("ssasuite/baseline/2", "ssasuite/baseline/1")
            .replaceAll(",\\s*\"sha256\" : \"[0-9a-f]*\"", "")
            .replaceAll("\"device\" : \"cpu\",\\s*", "")
            .split("(?=\"weight\" : )");
    for (int i = from; i < parts.length; i++) {
      parts[i] = parts[i].replaceFirst("\"weight\" : [0-9.]+", "\"weight\" : " + weight);
    }
    Files.writeString(baseline, String.join("", parts));
  }

  @Test
  void samplesThatTheBaselineLacksAreSaid() {
    Path few = model().losses("books", Arrays.copyOf(losses(0, 0), 30)).write(path("few"));
    Path file = folder.resolve("few.json");
    Terminal.type("gate", "--write", "--baseline", file, "--run", few);
    Outcome outcome = Terminal.type("gate", "--baseline", file, "--run", run("now", 0));
    assertThat(outcome.out()).contains("10 samples of the run are not in the baseline");
  }

  @ParameterizedTest
  @CsvSource({
    "--alpha, 1e-300",
    "--power, 0.9999999999999999",
    "--margin, 999999999",
    "--margin, 0"
  })
  void termsAtTheEndsOfTheirRangesAreJudged(String option, String value) {
    for (double increase : new double[] {0, 0.03}) {
      assertThat(gate(run("now" + increase, increase), option, value).status()).isIn(0, 1, 3);
    }
  }

  @Test
  void namesWithControlCharactersAreShownAsEscapes() throws IOException {
    Path evil =
        new PlantedRun("m\u001b[31m\n**Perplexity gate: pass**\u202e", "full")
            .losses("books", losses(0.03, 1))
            .write(path("evil"));
    Outcome outcome = gate(evil, "--allow", "device");
    assertThat(outcome.status()).isEqualTo(1);
    Path file = folder.resolve("evil.json");
    Outcome written = Terminal.type("gate", "--write", "--baseline", file, "--run", evil);
    Outcome judged = Terminal.type("gate", "--baseline", file, "--run", evil);
    for (String text : new String[] {written.out(), judged.out(), Files.readString(file)}) {
      assertThat(text).doesNotContain("\u001b", "\u202e", "\n**Perplexity gate: pass**\\u");
    }
    assertThat(written.out())
        .isEqualTo("m\\u001b[31m\\n**Perplexity gate: pass**\\u202e full books: 40 samples\n");
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  @Test
  void otherDataAndAnotherProtocolAreNamedTogether() {
    Path now =
        model()
            .protocol("other")
            .data("00")
            .losses("books", losses(0, 0))
            .write(folder.resolve("now"));
    refused(now, "protocol is planted in the baseline, other in the run; data digest is dada");
  }

  @Test
  void aTaskThatTheRunLacksIsBadInput() {
    Path now = model().losses("pages", losses(0, 0)).write(folder.resolve("now"));
    refused(now, "the run has no row for m full books");
  }

  @Test
  void aSampleWithoutAScoreIsBadInput() {
    double[] losses = losses(0, 0);
    losses[3] = Double.NaN;
    Path now = model().losses("books", losses).write(folder.resolve("now"));
    Outcome outcome = gate(now);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("document d3 has no score");
  }

  @Test
  void fewerSamplesThanTheBaselinesAreSaid() {
    Path now =
        model().losses("books", Arrays.copyOf(losses(0, 0), 30)).write(folder.resolve("now"));
    assertThat(gate(now).out()).contains("(30 of the baseline's 40 samples)");
  }

  @Test
  void aSingleDocumentCannotTell() {
    Path one = model().losses("books", 3).write(folder.resolve("one"));
    Path file = folder.resolve("one.json");
    Terminal.type("gate", "--write", "--baseline", file, "--run", one);
    Outcome outcome = Terminal.type("gate", "--baseline", file, "--run", one);
    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.out()).contains("at least 2 are needed");
  }

  @Test
  void anAccuracyIsNoPerplexity() {
    Path quiz = model().answers("quiz", 1, 0, 1).write(folder.resolve("quiz"));
    Outcome outcome =
        Terminal.type("gate", "--write", "--baseline", folder.resolve("q.json"), "--run", quiz);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("has no task whose headline is a perplexity");
  }

  @Test
  void junitXmlHasACasePerRow() throws Exception {
    Path xml = folder.resolve("gate.xml");
    for (double increase : new double[] {0, 0.01, 0.03}) {
      gate(run("now" + increase, increase), "--junit", xml);
      Document document =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile());
      Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
      assertThat(suite.getAttribute("tests")).isEqualTo("1");
      assertThat(suite.getAttribute("failures")).isEqualTo(increase == 0.03 ? "1" : "0");
      assertThat(suite.getAttribute("skipped")).isEqualTo(increase == 0.01 ? "1" : "0");
      Element row = (Element) document.getElementsByTagName("testcase").item(0);
      assertThat(row.getAttribute("name")).isEqualTo("m full books");
    }
  }

  @Test
  void markdownIsWrittenAsItIsPrinted() throws IOException {
    Path file = folder.resolve("summary.md");
    Outcome outcome = gate(run("now", 0), "--markdown", file);
    assertThat(Files.readString(file)).isEqualTo(outcome.out());
  }

  @Test
  void severalRowsShareAlpha() throws IOException {
    PlantedRun two = model().losses("books", losses(0, 0)).losses("pages", losses(0, 0));
    Path file = folder.resolve("two.json");
    Path good = two.write(folder.resolve("two"));
    Terminal.type("gate", "--write", "--baseline", file, "--run", good);
    Path now =
        model()
            .losses("books", losses(0.014, 3))
            .losses("pages", losses(0, 3))
            .write(folder.resolve("now"));
    JsonNode both = json(Terminal.type("gate", "--baseline", file, "--run", now, "--json"));
    JsonNode alone = json(gate(now, "--json"));
    assertThat(both.at("/rows/0/lower").doubleValue())
        .isLessThan(alone.at("/rows/0/lower").doubleValue());
    assertThat(both.at("/rows/0/upper").doubleValue())
        .isEqualTo(alone.at("/rows/0/upper").doubleValue());
  }

  @ParameterizedTest
  @CsvSource({
    "'', has no schema",
    "'{\"schema\": ', 'truncated, or no JSON'",
    "'{}', has no schema",
    "'{\"schema\": \"ssasuite/baseline/9\"}', 'has schema ssasuite/baseline/9'",
    "'{\"schema\": \"ssasuite/baseline/1\", \"rows\": []}', version",
  })
  void aBrokenBaselineIsBadInputThatNamesIt(String text, String fact) throws IOException {
    Files.writeString(baseline, text);
    Outcome outcome = gate(run("now", 0));
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("ssa: " + baseline + ": ").contains(fact);
    assertThat(outcome.err()).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"--margin, one", "--margin, -1%", "--alpha, 0", "--alpha, 0.6", "--power, 1"})
  void termsThatMakeNoSenseAreRefused(String option, String value) {
    assertThat(gate(run("now" + option + value.length(), 0), option, value).status()).isEqualTo(2);
  }

  private static PlantedRun model() {
    return new PlantedRun("m", "full");
  }

  private Path run(String name, double increase) {
    return model().losses("books", losses(increase, 1)).write(folder.resolve(name));
  }

  /** Losses whose mean differs from the baseline's by exactly the logarithm of 1 + increase. */
  private static double[] losses(double increase, long seed) {
    Random documents = new Random(11);
    double[] losses = new double[DOCUMENTS];
    Arrays.setAll(losses, i -> 3 + documents.nextGaussian());
    Random noise = new Random(seed);
    double[] shifts = new double[DOCUMENTS];
    Arrays.setAll(shifts, i -> seed == 0 ? 0 : SPREAD * noise.nextGaussian());
    double mean = Arrays.stream(shifts).average().orElseThrow();
    Arrays.setAll(losses, i -> losses[i] + shifts[i] - mean + Math.log1p(increase));
    return losses;
  }

  private Outcome gate(Path run, Object... more) {
    Object[] words = new Object[5 + more.length];
    System.arraycopy(new Object[] {"gate", "--baseline", baseline, "--run", run}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Terminal.type(words);
  }

  private void refused(Path run, String fact) {
    Outcome outcome = gate(run);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("ssa: " + baseline + ": ").contains(fact);
    assertThat(outcome.err()).hasLineCount(1);
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    return new ObjectMapper().readTree(outcome.out());
  }
}

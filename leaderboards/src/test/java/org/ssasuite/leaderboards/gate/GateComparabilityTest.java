package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.compare.PlantedRun;

/** Which runs a baseline can judge at all, and which baselines are none. */
class GateComparabilityTest extends GatedRuns {
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
  void anAccuracyIsNoPerplexity() {
    Path quiz = model().answers("quiz", 1, 0, 1).write(folder.resolve("quiz"));
    Outcome outcome =
        Terminal.type("gate", "--write", "--baseline", folder.resolve("q.json"), "--run", quiz);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("has no task whose headline is a perplexity");
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

  private void refused(Path run, String fact) {
    Outcome outcome = gate(run);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("ssa: " + baseline + ": ").contains(fact);
    assertThat(outcome.err()).hasLineCount(1);
  }
}

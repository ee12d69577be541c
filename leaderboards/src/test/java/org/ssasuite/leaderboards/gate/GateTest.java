package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What a gate says of a run, by which terms, and where it writes it. */
class GateTest extends GatedRuns {
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
  @CsvSource({"--margin, one", "--margin, -1%", "--alpha, 0", "--alpha, 0.6", "--power, 1"})
  void termsThatMakeNoSenseAreRefused(String option, String value) {
    assertThat(gate(run("now" + option + value.length(), 0), option, value).status()).isEqualTo(2);
  }
}

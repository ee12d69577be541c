package org.ssasuite.leaderboards.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Report;

class ReportPageTest {
  static final String EVIL = "m\"><script>alert(1)</script>&amp;\u202e\u001b[31m";

  @TempDir Path folder;

  /** A page of two runs that answer the same questions, and of what pictures there are. */
  static ReportPage page(Path folder, String name, List<Section> further) {
    double[] right = new double[40];
    double[] wrong = new double[40];
    for (int i = 0; i < 40; i++) {
      right[i] = i < 36 ? 1 : 0;
      wrong[i] = i % 3 == 0 ? 1 : 0;
    }
    List<FinishedRun> runs = new ArrayList<>();
    Path first =
        new PlantedRun(name, "full")
            .answers("quiz", right)
            .losses("books", 1, 2)
            .write(folder.resolve("a"));
    Path second =
        new PlantedRun("other", "full")
            .answers("quiz", wrong)
            .losses("books", 1.1, 2.05)
            .write(folder.resolve("b"));
    for (Path run : List.of(first, second)) {
      runs.add(new FinishedRun(run.toString(), CheckedRun.open(run).result()));
    }
    Report report = Report.of(runs);
    return new ReportPage(report, ReportPage.logs(report), further);
  }

  @Test
  void aBestRowThatATestTellsFromAllOthersIsBoldAndOneThatNoneTellsIsTied() {
    String html = page(folder, "mine", List.of()).html();
    assertThat(html).contains("90.00 ★").containsPattern("[0-9.]+ ≈");
    assertThat(html).doesNotContain("35.00 ★", "35.00 ≈");
  }

  @Test
  void namesAreTextEverywhere() {
    String html = page(folder, EVIL, List.of()).html();
    assertThat(html)
        .doesNotContain("<script>alert", "\u202e", "\u001b", "\"><script>alert(1)")
        .contains("m&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;\\u202e");
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    String html = page(folder, "mine", List.of()).html();
    assertThat(html).contains("default-src 'none'");
    String own =
        html.substring(0, html.indexOf("</style>"))
            + html.substring(html.indexOf("<body>"), html.indexOf("</main>"));
    assertThat(own).doesNotContain("http://", "https://", "src=", "@import", "url(");
  }

  @Test
  void eachRowSaysTheCommandThatDoesItAgain() {
    assertThat(page(folder, "mine", List.of()).html())
        .contains("./ssa run --model mine --modes full --tasks quiz");
  }

  @Test
  void failedSamplesStandBeforeOthersAndTwentyAreShown() {
    String html = page(folder, "mine", List.of()).html();
    assertThat(html).contains("4 of 4 that failed").contains("20 of 26 that failed");
    assertThat(html).containsPattern("(?s)id=\"samples-1\".*?\"s36\".*?\"s0\"");
  }

  @Test
  void aColumnSaysTheSmallestDifferenceThatSoManySamplesShow() {
    assertThat(page(folder, "mine", List.of()).html())
        .contains("Smallest visible difference")
        .containsPattern("[0-9.]+ points<");
  }

  @Test
  void picturesAreDataThatNoElementCanEnd() throws Exception {
    String html = page(folder, EVIL, List.of(EveryPicture.section("p", EVIL))).html();
    Matcher data =
        Pattern.compile("(?s)<script type=\"application/json\">(.*?)</script>").matcher(html);
    int count = 0;
    while (data.find()) {
      assertThat(data.group(1)).doesNotContain("<", ">", "&");
      JsonNode node = new StrictJson(List.of()).mapper().readTree(data.group(1));
      if (node.has("kind")) {
        assertThat(node.path("kind").textValue()).isIn("curves", "grid", "intervals");
        count++;
      } else {
        assertThat(node.path("rows").isArray()).isTrue();
      }
    }
    assertThat(count).isEqualTo(4);
  }

  @Test
  void figuresAreWellFormedSvgPngWithInkAndCsvWithoutFormulas() throws Exception {
    ReportPage page = page(folder, "=" + EVIL, List.of(EveryPicture.section("p", EVIL)));
    Path figures = Files.createDirectory(folder.resolve("figures"));
    assertThat(FigureFiles.write(figures, page)).isEqualTo(4);
    for (String key : List.of("results-contest-1", "results-contest-2", "p-curves", "p-grid")) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(figures.resolve(key + ".svg").toFile());
      assertThat(Files.readString(figures.resolve(key + ".svg"))).doesNotContain("<script");
      assertThat(Ink.share(Files.readAllBytes(figures.resolve(key + ".png"))))
          .isBetween(0.001, 0.9);
    }
    assertThat(Files.readString(figures.resolve("results-contest-1.csv"))).contains("\n\"'=m");
  }

  @Test
  void aTrainingRunIsCurvesOverSteps() throws IOException {
    Files.writeString(
        folder.resolve("train.csv"),
        """
        step,tokens,mode,loss,align,lr,gradnorm
        1,10,full,5.5,0,0.1,1
        2,20,sparse,5.4,0,0.1,1
        2,20,sparse,5.3,0,0.1,1
        3,30,full,5.2,0,0.1,NaN
        """);
    Section section = org.ssasuite.leaderboards.report.training.TrainingCurves.of(folder, 1);
    assertThat(section.curves())
        .extracting(each -> each.key())
        .containsExactly("training-1-loss", "training-1-gradnorm", "training-1-rate");
    assertThat(section.curves().get(0).curves().get(1).points())
        .singleElement()
        .extracting(point -> point.y())
        .isEqualTo(5.3);
    assertThat(section.curves().get(1).curves().get(0).points()).hasSize(1);
    assertThat(Optional.of(section.rows())).contains(List.of());
  }
}

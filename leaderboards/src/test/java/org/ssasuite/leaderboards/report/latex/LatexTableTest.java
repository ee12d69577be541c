package org.ssasuite.leaderboards.report.latex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.compare.PlantedRun;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Report;
import org.ssasuite.leaderboards.report.page.ReportPage;

class LatexTableTest {
  @TempDir Path folder;

  private String table(Path... runs) {
    List<FinishedRun> finished = new ArrayList<>();
    for (Path run : runs) {
      finished.add(new FinishedRun(run.toString(), CheckedRun.open(run).result()));
    }
    Report report = Report.of(finished);
    ReportPage page = new ReportPage(report, ReportPage.logs(report), List.of());
    return LatexTable.of(report.leaderboard(), page.standings());
  }

  private Path run(String name, String mode, int right) {
    double[] answers = IntStream.range(0, 40).mapToDouble(i -> i < right ? 1 : 0).toArray();
    return new PlantedRun(name, mode).answers("quiz", answers).write(folder.resolve(name + right));
  }

  @Test
  void theRowThatATestTellsFromAllOthersIsBold() {
    // 36 of 40 by scipy's binomtest: 0.7695 to 0.9604, Wilson's.
    assertThat(table(run("a", "full", 36), run("b", "full", 14)))
        .contains("a & full & $\\mathbf{90.00}^{+6.04}_{-13.05}$ \\\\")
        .contains("b & full & $35.00^");
  }

  @Test
  void rowsThatNoTestTellsApartAreUnderlined() {
    assertThat(table(run("a", "full", 21), run("b", "full", 20)))
        .contains("\\underline{52.50}", "\\underline{50.00}")
        .doesNotContain("\\mathbf");
  }

  @Test
  void endsThatAreEquallyFarAwayAreOnePlusMinus() {
    assertThat(table(run("a", "full", 20), run("b", "full", 20))).contains("\\pm 14.80}$");
  }

  @Test
  void namesAreSetAsTheyAre() {
    assertThat(table(run("m_1 & 50% {\\x}", "full", 20), run("b", "full", 20)))
        .contains("m\\_1 \\& 50\\% \\{\\textbackslash{}x\\} & full");
  }

  @Test
  void modesAreGroupsWithSpaceBetween() {
    assertThat(table(run("a", "full", 20), run("b", "sparse:16x16", 20)))
        .containsPattern("(?s)a & full.*?\\\\addlinespace\nb & sparse:16x16")
        .contains("\\begin{tabular}{llr}", "\\toprule", "\\midrule", "\\bottomrule");
  }

  @Test
  void latexSetsIt() throws Exception {
    Path latex =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(place -> Path.of(place, "pdflatex"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (latex == null) {
      abort("no pdflatex: apt-get install texlive-latex-recommended");
      return;
    }
    String table = table(run("m_1 & 50% {\\x} $#^~", "full", 36), run("b", "sparse:16x16", 14));
    Path file = folder.resolve("document.tex");
    Files.writeString(
        file,
        "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n"
            + table
            + "\\end{document}\n");

    Process process =
        new ProcessBuilder(latex.toString(), "-halt-on-error", "-interaction=batchmode", "document")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> read(folder.resolve("document.log"))).isZero();
    assertThat(folder.resolve("document.pdf")).isNotEmptyFile();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}

package org.ssasuite.leaderboards.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser shows it, on a telephone and on a desk. */
class ReportInBrowserTest {
  private static final int HEIGHT = 9_000;

  /**
   * What the page says of itself when all is drawn; the test alone puts it there. A window is never
   * narrower than 500, so the page is told its width.
   */
  private static final String MEASURES =
      """
      <style>html { width: WIDTHpx; } body { margin: 0; }</style>
      <script>
      setTimeout(function () {
        var text = 'width=' + document.body.scrollWidth;
        document.querySelectorAll('.picture').forEach(function (box) {
          var at = box.getBoundingClientRect();
          text += ' picture=' + [at.left, at.top, at.width, at.height].map(Math.round).join(',');
        });
        document.body.dataset.measures = text;
      }, 3000);
      </script>
      </body>
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {390, 1400})
  void everythingIsThereEveryPictureHasInkAndNothingFails(int width) throws IOException {
    Chromium browser = Chromium.find().orElse(null);
    if (browser == null) {
      abort("no Chromium: apt-get install chromium");
      return;
    }
    ReportPage page =
        ReportPageTest.page(
            folder, ReportPageTest.EVIL, List.of(EveryPicture.section("p", ReportPageTest.EVIL)));
    Path file = folder.resolve("report.html");
    String html = page.html();
    Files.writeString(
        file,
        html.substring(0, html.lastIndexOf("</body>"))
            + MEASURES.replace("WIDTH", "" + width)
            + "</html>");

    String dom = browser.dom(file, width, HEIGHT, folder);

    assertThat(dom.lines().filter(line -> line.contains("CONSOLE"))).isEmpty();
    assertThat(dom)
        .contains(
            "id=\"audits\"", "id=\"results\"", "id=\"p\"", "id=\"provenance\"", "id=\"samples\"");
    Matcher measures = Pattern.compile("data-measures=\"width=(\\d+)([^\"]*)\"").matcher(dom);
    assertThat(measures.find()).isTrue();
    assertThat(Integer.parseInt(measures.group(1))).isLessThanOrEqualTo(width);
    List<int[]> pictures = new ArrayList<>();
    Matcher picture =
        Pattern.compile("picture=(-?\\d+),(-?\\d+),(\\d+),(\\d+)").matcher(measures.group(2));
    while (picture.find()) {
      int[] at = new int[4];
      for (int i = 0; i < 4; i++) {
        at[i] = Integer.parseInt(picture.group(i + 1));
      }
      pictures.add(at);
    }
    assertThat(pictures).hasSize(4);
    BufferedImage shot = ImageIO.read(browser.screenshot(file, width, HEIGHT, folder).toFile());
    for (int[] at : pictures) {
      assertThat(at[1] + at[3]).isLessThanOrEqualTo(shot.getHeight());
      int wide = Math.min(at[2], shot.getWidth() - at[0]);
      assertThat(Ink.share(shot, at[0], at[1], wide, at[3])).isBetween(0.005, 0.9);
    }
  }
}

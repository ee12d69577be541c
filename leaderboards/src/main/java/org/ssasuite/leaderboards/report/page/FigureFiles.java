package org.ssasuite.leaderboards.report.page;

import java.nio.file.Path;
import org.ssasuite.core.files.AtomicFile;

/**
 * Each picture of a page as {@code KEY.svg} and {@code KEY.png}, its numbers as {@code KEY.csv}.
 */
public final class FigureFiles {
  private FigureFiles() {}

  /**
   * Writes them.
   *
   * @param folder one that exists
   * @return how many pictures there are
   */
  public static int write(Path folder, ReportPage page) {
    // Fonts and images, and no screen.
    System.setProperty("java.awt.headless", "true");
    try (Drawing drawing = new Drawing()) {
      for (PictureJson picture : page.pictures()) {
        String svg = drawing.svg(picture);
        AtomicFile.write(folder.resolve(picture.key() + ".csv"), drawing.csv(picture));
        AtomicFile.write(folder.resolve(picture.key() + ".svg"), svg);
        AtomicFile.write(folder.resolve(picture.key() + ".png"), Drawing.png(svg));
      }
    }
    return page.pictures().size();
  }
}

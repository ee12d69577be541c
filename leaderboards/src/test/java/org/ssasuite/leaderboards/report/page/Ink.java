package org.ssasuite.leaderboards.report.page;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** How much of a picture is drawn on. */
final class Ink {
  private Ink() {}

  /** The share of pixels that are not as the one in the corner. */
  static double share(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    return share(image, 0, 0, image.getWidth(), image.getHeight());
  }

  /** The same of a part. */
  static double share(BufferedImage image, int left, int top, int width, int height) {
    int paper = image.getRGB(left, top);
    long inked = 0;
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        inked += image.getRGB(x, y) == paper ? 0 : 1;
      }
    }
    return inked / ((double) width * height);
  }
}

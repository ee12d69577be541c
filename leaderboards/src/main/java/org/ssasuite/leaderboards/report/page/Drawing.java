package org.ssasuite.leaderboards.report.page;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.FloatSize;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Component;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * Draws pictures without a browser: ECharts and the page's own {@code pictures.js} in Rhino, which
 * reaches neither Java nor files from there. Mutable, for one thread, which it holds until it is
 * closed.
 */
final class Drawing implements AutoCloseable {
  private static final int WIDTH = 900;
  private static final int PIXELS_PER_UNIT = 2;

  /** ECharts asks for timers when it is loaded; nothing is animated, so none has to run. */
  private static final String NO_TIMERS =
      "var setTimeout = function () { return 0; }, clearTimeout = function () {};";

  private final Context context = Context.enter();
  private final Scriptable scope;

  Drawing() {
    // One method of ECharts is larger than what the virtual machine compiles.
    context.setInterpretedMode(true);
    context.setLanguageVersion(Context.VERSION_ES6);
    scope = context.initSafeStandardObjects();
    context.evaluateString(scope, NO_TIMERS, "timers", 1, null);
    context.evaluateString(scope, PageText.of(PageText.ECHARTS), "echarts", 1, null);
    context.evaluateString(scope, PageText.of(PageText.PICTURES), PageText.PICTURES, 1, null);
  }

  /** A picture as SVG, XML text. */
  String svg(PictureJson picture) {
    return call("svg", picture);
  }

  /** The numbers behind it. */
  String csv(PictureJson picture) {
    return call("csv", picture);
  }

  private String call(String name, PictureJson picture) {
    Object parse = ((ScriptableObject) scope.get("JSON", scope)).get("parse");
    Object data = ((Function) parse).call(context, scope, scope, new Object[] {picture.json()});
    Scriptable drawer = (Scriptable) scope.get("ssaPictures", scope);
    Function function = (Function) drawer.get(name, drawer);
    return Context.toString(function.call(context, scope, drawer, new Object[] {data, WIDTH}));
  }

  /** SVG as PNG, at twice its size. */
  static byte[] png(String svg) {
    SVGDocument document =
        new SVGLoader()
            .load(
                new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                null,
                LoaderContext.createDefault());
    if (document == null) {
      throw new IllegalStateException("a picture of ours is no SVG");
    }
    FloatSize size = document.size();
    int width = PIXELS_PER_UNIT * Math.round(size.width);
    int height = PIXELS_PER_UNIT * Math.round(size.height);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      document.render((Component) null, graphics, new ViewBox(0, 0, width, height));
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    Context.exit();
  }
}

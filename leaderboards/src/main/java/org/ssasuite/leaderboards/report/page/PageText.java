package org.ssasuite.leaderboards.report.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Texts that come with the program: ours beside this class, and Apache ECharts as one file. */
final class PageText {
  static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";
  static final String PICTURES = "pictures.js";
  static final String PAGE = "page.js";
  static final String STYLE = "page.css";
  static final String TEMPLATE = "report.ftlh";

  private PageText() {}

  static String of(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** Gzip in base64: 430 kB of ECharts' 1,016. {@code page.js} unpacks it. */
  static String packed(String name) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new BestGzip(packed)) {
      gzip.write(bytes(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  private static byte[] bytes(String name) {
    try (InputStream text = PageText.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException("the program has no " + name);
      }
      return text.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

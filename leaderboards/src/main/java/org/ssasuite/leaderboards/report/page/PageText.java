package org.ssasuite.leaderboards.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that come with the program: ours beside this class, and Apache ECharts as one file. */
final class PageText {
  static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";
  static final String PICTURES = "pictures.js";
  static final String PAGE = "page.js";
  static final String STYLE = "page.css";
  static final String TEMPLATE = "report.ftlh";

  private PageText() {}

  static String of(String name) {
    try (InputStream text = PageText.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException("the program has no " + name);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.ssasuite.tasks.ruler.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.tukaani.xz.XZInputStream;

/** The texts that come with this module, packed. */
final class EmbeddedText {
  private EmbeddedText() {}

  /** A text by its name, without {@code .xz}. */
  static String read(String name) {
    try (InputStream packed = EmbeddedText.class.getResourceAsStream(name + ".xz")) {
      if (packed == null) {
        throw new IllegalStateException("no " + name + ".xz beside " + EmbeddedText.class);
      }
      try (InputStream text = new XZInputStream(packed)) {
        return new String(text.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

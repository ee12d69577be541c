package org.ssasuite.tasks.longbench.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tukaani.xz.XZInputStream;

/** Texts that come with this module, UTF-8. Whatever is wrong with one is a fault of the build. */
public final class PackedText {
  private PackedText() {}

  /** The lines of a file that is packed with xz. */
  public static List<String> lines(String name) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new XZInputStream(open(name)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** A plain file as it is. */
  public static String whole(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = PackedText.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException(name + " is not on the class path");
    }
    return in;
  }
}

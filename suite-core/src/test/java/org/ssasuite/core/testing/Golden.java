package org.ssasuite.core.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.tukaani.xz.XZInputStream;

/**
 * Vectors that a reference outside the project made: JSON lines on the class path under {@code
 * golden/}, packed if their name ends in {@code .xz}, the first of which says which reference and
 * version.
 */
public final class Golden {
  private Golden() {}

  /** All vectors of a file, without the line that says where they come from. */
  public static List<JsonNode> vectors(String name) {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> vectors = new ArrayList<>();
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no golden/" + name + " on the class path");
      }
      InputStream plain = name.endsWith(".xz") ? new XZInputStream(in) : in;
      BufferedReader lines = new BufferedReader(new InputStreamReader(plain, UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        vectors.add(mapper.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (vectors.size() < 2 || !vectors.get(0).has("reference")) {
      throw new IllegalStateException("golden/" + name + " has no vectors, or no reference");
    }
    return vectors.subList(1, vectors.size());
  }

  /** The vectors of one kind, at least one: those whose field {@code kind} says so. */
  public static List<JsonNode> vectors(String name, String kind) {
    List<JsonNode> chosen =
        vectors(name).stream().filter(v -> v.path("kind").asText().equals(kind)).toList();
    if (chosen.isEmpty()) {
      throw new IllegalStateException("golden/" + name + " has no " + kind);
    }
    return chosen;
  }
}

package org.ssasuite.leaderboards.pull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.files.JsonDocument;

/**
 * A file of a hub, as its tree states it.
 *
 * @param path within the repository; its parts are plain names
 * @param bytes its length
 * @param gitSha1 Git's SHA-1 of the file, or of the pointer that stands for it
 * @param sha256 of a file behind a pointer
 */
public record HubFile(String path, long bytes, String gitSha1, Optional<String> sha256) {
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public HubFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(gitSha1);
    Objects.requireNonNull(sha256);
  }

  /** What its content is kept under. */
  public String digest() {
    return sha256.orElse(gitSha1);
  }

  /**
   * The files of one page of a tree; folders are left out.
   *
   * @param subject what messages name
   * @throws BadInputException if it is none, or has a path that leads out of the repository
   */
  public static List<HubFile> read(String subject, String json) {
    JsonNode tree = JsonDocument.read(subject, json, JsonDocument.Keys.ONCE);
    if (!tree.isArray()) {
      throw new BadInputException(subject, "its tree is no list of files");
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonNode entry : tree) {
      String type = entry.path("type").asText();
      if (type.equals("file")) {
        files.add(file(subject, entry));
      } else if (!type.equals("directory")) {
        throw new BadInputException(subject, "its tree has an entry of type '" + type + "'");
      }
    }
    return files;
  }

  private static HubFile file(String subject, JsonNode entry) {
    JsonNode path = entry.path("path");
    if (!path.isTextual() || !isPlain(path.textValue())) {
      throw new BadInputException(subject, "its tree has a file with the path " + path);
    }
    JsonNode lfs = entry.path("lfs");
    boolean pointer = lfs.isObject();
    JsonNode size = pointer && lfs.has("size") ? lfs.path("size") : entry.path("size");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
      throw new BadInputException(subject, path.textValue() + " has no size in its tree: " + size);
    }
    return new HubFile(
        path.textValue(),
        size.longValue(),
        digest(subject, path.textValue(), entry.path("oid"), SHA1),
        pointer
            ? Optional.of(digest(subject, path.textValue(), lfs.path("oid"), SHA256))
            : Optional.empty());
  }

  private static String digest(String subject, String path, JsonNode value, Pattern form) {
    if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
      throw new BadInputException(subject, path + " has no digest in its tree: " + value);
    }
    return value.textValue();
  }

  /** Whether it stays within a folder, on any file system. */
  private static boolean isPlain(String path) {
    return Stream.of(path.split("/", -1))
        .allMatch(
            part ->
                !part.isEmpty()
                    && !part.equals(".")
                    && !part.equals("..")
                    && part.length() <= 200
                    && part.indexOf('\\') < 0
                    && part.indexOf(':') < 0
                    && part.codePoints().allMatch(VisibleText::isVisible));
  }
}

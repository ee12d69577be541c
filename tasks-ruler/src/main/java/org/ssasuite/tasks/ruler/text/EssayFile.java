package org.ssasuite.tasks.ruler.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.python.PythonText;

/**
 * The text of a haystack file, and its digest.
 *
 * @param digest SHA-256 of the file, unpacked
 */
public record EssayFile(String text, String digest) {
  /**
   * Samples are made by the hundred words and counted again and again; with words of thousands of
   * characters that takes for ever, and is no text that needles are hidden in.
   */
  private static final int MAX_WORD_CHARACTERS = 2_000;

  /** The embedded public-domain essays. */
  public static EssayFile publicDomain() {
    String text = EmbeddedText.read("public_domain_essays.txt");
    return new EssayFile(text, Digests.sha256(text));
  }

  /**
   * Reads NVIDIA's form, a JSON object with {@code text}; JSON lines or Parquet with {@code text},
   * joined by spaces as lm-eval joins them; or plain text. The name says which: {@code .json},
   * {@code .jsonl}, {@code .parquet}, else text; each may be packed but Parquet.
   *
   * @throws BadInputException if the file is missing, corrupt or has no text
   */
  public static EssayFile read(Path path) {
    if (ParquetFile.isNamed(path)) {
      RecordFiles records = new RecordFiles(List.of(path), Set.of("text"));
      return new EssayFile(checked(path, joined(records)), records.digest());
    }
    DataFile file = DataFile.of(path);
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    String plain = name.replaceFirst("\\.(gz|xz|zst)$", "");
    String digest = Digests.sha256(file.bytes());
    if (plain.endsWith(".json")) {
      return new EssayFile(object(path, file.json()), digest);
    }
    if (plain.endsWith(".jsonl")) {
      return new EssayFile(checked(path, joined(RecordFiles.of(file))), digest);
    }
    return new EssayFile(checked(path, file.text()), digest);
  }

  private static String joined(RecordFiles records) {
    List<String> texts = new ArrayList<>();
    records.forEach(line -> texts.add(line.text("text")));
    return String.join(" ", texts);
  }

  private static String object(Path path, String json) {
    JsonNode text =
        JsonDocument.read(path.toString(), json, JsonDocument.Keys.LAST_COUNTS).path("text");
    if (!text.isTextual()) {
      throw new BadInputException(path, "field 'text' is missing or no string");
    }
    return checked(path, text.textValue());
  }

  private static String checked(Path path, String text) {
    if (PythonText.strip(text).isEmpty()) {
      throw new BadInputException(path, "has no text");
    }
    int longest = longestWord(text);
    if (longest > MAX_WORD_CHARACTERS) {
      throw new BadInputException(path, "is no essay: a word has " + longest + " characters");
    }
    return HalfSurrogates.refused(path, text);
  }

  private static int longestWord(String text) {
    int longest = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || PythonText.isSpace(text.charAt(i))) {
        longest = Math.max(longest, i - from);
        from = i + 1;
      }
    }
    return longest;
  }
}

package org.ssasuite.runtime.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.request.Chat;
import org.ssasuite.runtime.checkpoint.ChatTexts;
import org.ssasuite.runtime.checkpoint.SpecialTokens;

/**
 * The chat templates of a model, by their names: {@code chat_template.jinja} and {@code
 * additional_chat_templates}, else {@code chat_template} of {@code tokenizer_config.json}, else
 * what a GGUF file has.
 *
 * <p>Source: transformers 4.53.3 and 5.24.0, {@code _from_pretrained} and {@code get_chat_template}
 * of {@code tokenization_utils_base.py}.
 */
public final class ChatTemplates {
  private static final String DEFAULT = "default";
  private static final String FILE = "chat_template.jinja";
  private static final String FOLDER = "additional_chat_templates";
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String END = ".jinja";
  private static final long MOST_BYTES = 4L << 20;

  private final Path place;
  private final Map<String, Stored> templates;
  private final Map<String, String> tokens;

  /** A template's text and the file that it stands in. */
  private record Stored(String text, Path file) {}

  private ChatTemplates(Path place, Map<String, Stored> templates, Map<String, String> tokens) {
    this.place = Objects.requireNonNull(place);
    this.templates = new TreeMap<>(templates);
    this.tokens = Map.copyOf(tokens);
  }

  /**
   * Those of a model.
   *
   * @param place in messages: the folder, or the file that was named instead of one
   * @param home the folder with the files of its tokenizer
   * @param stated what these say of special tokens
   * @param own what the weights' file itself says
   * @throws BadInputException if a file of templates is none
   */
  public static ChatTemplates of(Path place, Path home, SpecialTokens stated, ChatTexts own) {
    Map<String, Stored> found = ofFiles(home);
    if (found.isEmpty()) {
      found = ofSettings(home);
    }
    if (found.isEmpty()) {
      Map<String, Stored> inside = new LinkedHashMap<>();
      own.templates().forEach((name, text) -> inside.put(name, new Stored(text, place)));
      found = inside;
    }
    Map<String, String> tokens = new LinkedHashMap<>(own.tokens());
    tokens.putAll(SpecialTokens.others(home));
    stated.begin().ifPresent(token -> tokens.put("bos_token", token.text()));
    stated.end().ifPresent(token -> tokens.put("eos_token", token.text()));
    return new ChatTemplates(place, found, tokens);
  }

  private static Map<String, Stored> ofFiles(Path home) {
    Map<String, Stored> found = new LinkedHashMap<>();
    put(DEFAULT, home.resolve(FILE), found);
    Path folder = home.resolve(FOLDER);
    if (Files.isDirectory(folder)) {
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + END)) {
        all.forEach(files::add);
      } catch (IOException e) {
        throw BadInputException.io(folder, e);
      }
      for (Path file : files) {
        String name = file.getFileName().toString();
        put(name.substring(0, name.length() - END.length()), file, found);
      }
    }
    return found;
  }

  private static void put(String name, Path file, Map<String, Stored> to) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      to.put(name, new Stored(new DataFile(file, MOST_BYTES).text(), file));
    }
  }

  private static Map<String, Stored> ofSettings(Path home) {
    Path file = home.resolve(SETTINGS);
    Map<String, Stored> found = new LinkedHashMap<>();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return found;
    }
    JsonNode stated =
        JsonDocument.read(new DataFile(file, MOST_BYTES), JsonDocument.Keys.LAST_COUNTS)
            .path("chat_template");
    if (stated.isTextual()) {
      found.put(DEFAULT, new Stored(stated.textValue(), file));
    } else if (stated.isArray()) {
      for (JsonNode one : stated) {
        if (!one.path("name").isTextual() || !one.path("template").isTextual()) {
          throw new BadInputException(file, "'chat_template' holds one without name or template");
        }
        found.put(one.path("name").textValue(), new Stored(one.path("template").textValue(), file));
      }
    } else if (!stated.isMissingNode() && !stated.isNull()) {
      throw new BadInputException(file, "'chat_template' is neither a template nor a list of some");
    }
    return found;
  }

  /**
   * A template.
   *
   * @param name of one; {@code default} is the one that transformers takes by itself
   * @param date what it is told that asks for the day; absent: it may not ask
   * @throws BadInputException if there is none of that name, or it cannot be read
   */
  public Chat chat(String name, Optional<LocalDate> date) {
    Stored stored = templates.get(name);
    if (stored == null) {
      throw new BadInputException("--chat-template " + name, lack());
    }
    return ChatTemplate.of(stored.file(), stored.text(), tokens, date);
  }

  private String lack() {
    if (templates.isEmpty()) {
      return place + " has no chat template: neither " + FILE + " nor one in " + SETTINGS;
    }
    return "is none of the chat templates of "
        + place
        + ": "
        + String.join(", ", templates.keySet());
  }
}

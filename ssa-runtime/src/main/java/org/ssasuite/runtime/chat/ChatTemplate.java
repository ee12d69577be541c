package org.ssasuite.runtime.chat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Chat;
import org.ssasuite.runtime.jinja.Nothing;
import org.ssasuite.runtime.jinja.Template;
import org.ssasuite.runtime.jinja.TemplateFault;

/**
 * A model's chat template as {@code apply_chat_template} renders it: no tools, no documents, no
 * words of its own but the special tokens.
 *
 * <p>Reference: transformers 4.53.3, {@code render_jinja_template} of {@code
 * utils/chat_template_utils.py}.
 */
final class ChatTemplate implements Chat {
  /** Special tokens that a class of tokenizers may have without saying so in any file. */
  private static final Pattern SILENT =
      Pattern.compile("\\b((?:unk|pad|sep|cls|mask)_token|(?:additional|extra)_special_tokens)\\b");

  private final Path file;
  private final Template template;
  private final Map<String, String> tokens;
  private final Optional<LocalDate> date;
  private final String digest;

  private ChatTemplate(
      Path file,
      Template template,
      Map<String, String> tokens,
      Optional<LocalDate> date,
      String digest) {
    this.file = file;
    this.template = template;
    this.tokens = Map.copyOf(tokens);
    this.date = date;
    this.digest = digest;
  }

  /**
   * Reads one.
   *
   * @throws BadInputException if it is none
   */
  static ChatTemplate of(
      Path file, String text, Map<String, String> tokens, Optional<LocalDate> date) {
    requireStated(file, text, tokens);
    String told = date.map(day -> "\u0000" + day).orElse("");
    try {
      return new ChatTemplate(file, Template.of(text), tokens, date, Digests.sha256(text + told));
    } catch (TemplateFault fault) {
      throw bad(file, fault);
    }
  }

  private static void requireStated(Path file, String text, Map<String, String> tokens) {
    Matcher silent = SILENT.matcher(text);
    while (silent.find()) {
      String name = silent.group();
      boolean set = Pattern.compile("set\\s+" + name + "\\b").matcher(text).find();
      if (!tokens.containsKey(name) && !set) {
        throw new BadInputException(
            file, "its chat template has '" + name + "', which no file states");
      }
    }
  }

  private static BadInputException bad(Path file, TemplateFault fault) {
    return new BadInputException(file.toString(), "chat template, " + fault.fact(), fault);
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public String asked(String message) {
    return rendered(List.of(message("user", message)), true);
  }

  /** With {@code continue_final_message}: cut behind the last place where the answer stands. */
  @Override
  public String begun(String message, String answer) {
    String whole = rendered(List.of(message("user", message), message("assistant", answer)), false);
    String stripped = PythonText.strip(answer);
    int at = whole.lastIndexOf(stripped);
    if (at < 0) {
      throw new BadInputException(
          file, "its chat template loses the beginning of an answer: " + stripped);
    }
    int kept = PythonText.lstrip(answer).length();
    boolean spaced = whole.startsWith(answer, at) && answer.length() == kept;
    return whole.substring(0, at + (spaced ? kept : stripped.length()));
  }

  private static Map<Object, Object> message(String role, String content) {
    Map<Object, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private String rendered(List<Map<Object, Object>> messages, boolean prompt) {
    Map<String, Object> variables = new LinkedHashMap<>(tokens);
    variables.put("messages", new ArrayList<Object>(messages));
    variables.put("tools", Nothing.NONE);
    variables.put("documents", Nothing.NONE);
    variables.put("add_generation_prompt", prompt);
    try {
      return template.render(variables, date);
    } catch (TemplateFault fault) {
      throw bad(file, fault);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChatTemplate chat
        && chat.digest.equals(digest)
        && chat.tokens.equals(tokens);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }
}

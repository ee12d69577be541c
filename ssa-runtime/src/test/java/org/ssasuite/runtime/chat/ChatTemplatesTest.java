package org.ssasuite.runtime.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Chat;
import org.ssasuite.runtime.checkpoint.ChatTexts;
import org.ssasuite.runtime.checkpoint.SpecialTokens;

class ChatTemplatesTest {
  private static final String ROLES =
      "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  @TempDir Path folder;

  private void file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private void settings(String template) throws IOException {
    file(
        "tokenizer_config.json",
        "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"chat_template\": " + template + "}");
  }

  private Chat chat(String name) {
    return templates(ChatTexts.NONE).chat(name, Optional.empty());
  }

  private ChatTemplates templates(ChatTexts own) {
    return ChatTemplates.of(folder, folder, SpecialTokens.read(folder), own);
  }

  @Test
  void messageIsPutWhereTheTemplateHasIt() throws IOException {
    settings("\"" + ROLES.replace("\"", "\\\"") + "\"");
    assertThat(chat("default").asked(" Hi\n")).isEqualTo("<s><user>Hi<assistant>");
  }

  @Test
  void templateOfItsOwnFileCountsBeforeTheSettings() throws IOException {
    settings("\"old\"");
    file("chat_template.jinja", "new");
    assertThat(chat("default").asked("")).isEqualTo("new");
  }

  @Test
  void templatesOfAListHaveNames() throws IOException {
    settings(
        "[{\"name\": \"default\", \"template\": \"a\"}, {\"name\": \"rag\", \"template\": \"b\"}]");
    assertThat(chat("rag").asked("")).isEqualTo("b");
  }

  @Test
  void templatesOfAFolderHaveTheNamesOfTheirFiles() throws IOException {
    file("additional_chat_templates/tool_use.jinja", "tools");
    assertThat(chat("tool_use").asked("")).isEqualTo("tools");
  }

  @Test
  void otherNameIsRefusedWithThoseThatAreThere() throws IOException {
    settings("\"a\"");
    assertThatThrownBy(() -> chat("rag"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is none of the chat templates of")
        .hasMessageEndingWith(": default");
  }

  @Test
  void modelWithoutTemplatesIsRefused() {
    assertThatThrownBy(() -> chat("default"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has no chat template");
  }

  @Test
  void weightsOwnTemplateCountsWhereNoFileHasOne() {
    ChatTexts own =
        new ChatTexts(Map.of("default", "{{ bos_token }}x"), Map.of("bos_token", "[B]"));
    SpecialTokens silent = new SpecialTokens(Optional.empty(), Optional.empty(), Optional.empty());
    ChatTemplates templates = ChatTemplates.of(folder, folder, silent, own);
    assertThat(templates.chat("default", Optional.empty()).asked("")).isEqualTo("[B]x");
  }

  @Test
  void faultNamesFileAndLine() throws IOException {
    file("chat_template.jinja", "a\n{{ messages | nonsense }}");
    assertThatThrownBy(() -> chat("default").asked("x"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            folder.resolve("chat_template.jinja")
                + ": chat template, line 2: the filter 'nonsense'");
  }

  @Test
  void tokenThatNoFileStatesIsRefused() throws IOException {
    file("chat_template.jinja", "{{ pad_token }}");
    assertThatThrownBy(() -> chat("default")).hasMessageContaining("'pad_token'");
  }

  /** As transformers cuts it with {@code continue_final_message}. */
  @Test
  void answerIsBegunWhereTheTemplateHasItsText() throws IOException {
    file("chat_template.jinja", ROLES + "<end>");
    assertThat(chat("default").begun("Q", " The answer is "))
        .isEqualTo("<s><user>Q<assistant>The answer is");
  }

  @Test
  void answerThatTheTemplateLosesIsRefused() throws IOException {
    file("chat_template.jinja", "nothing");
    assertThatThrownBy(() -> chat("default").begun("Q", "A")).hasMessageContaining("loses");
  }

  @Test
  void dayIsPartOfTheDigest() throws IOException {
    settings("\"a\"");
    ChatTemplates templates = templates(ChatTexts.NONE);
    Optional<LocalDate> day = Optional.of(LocalDate.of(2024, 7, 26));
    assertThat(templates.chat("default", day).digest())
        .isNotEqualTo(templates.chat("default", Optional.empty()).digest());
  }
}

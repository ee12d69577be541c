package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.request.Chat;
import org.ssasuite.runtime.chat.ChatTemplates;
import org.ssasuite.runtime.checkpoint.ChatTexts;
import org.ssasuite.runtime.checkpoint.SpecialTokens;

/** Chat templates, which are programs: none may run for ever or fill the memory. */
final class ChatReadings {
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String MESSAGE = "What of <this> & \"that\"?\n\u65e5\u672c ".repeat(50);

  private static final String TEMPLATE =
      """
      {%- set ns = namespace( first = true , tools = [ 1 , 2.5 , "a\\n" ] ) -%}
      {%- macro part( text , times = 3 ) -%}
        {%- for i in range( times ) -%} {{ loop.index }} {{ text * i }} {%- endfor -%}
      {%- endmacro -%}
      {{- bos_token }}
      {%- for m in messages if m.role != 'system' %}
        {%- if loop.first and not ns.first is undefined %} {% set ns.first = false %} {% endif %}
        {{- '<|' + m['role'] + '|>' ~ m.content | trim | replace( 'a' , 'b' ) }}
        {%- if m.content is string and 'x' in m.content %} {{ m.content.split( ' ' )[ -1 : ] }}
        {%- elif loop.index > 100 %} {% break %} {% else %} {{ part( 'ab' , 2 ) }} {% endif %}
        {{- m | tojson( indent = 2 ) | length }} {{ ( 7 ** 2 // 3 ) % 4 }}
        {{- messages | map( attribute = 'role' ) | join( ', ' ) | upper }}
      {%- endfor %}
      {# a comment #} {% raw %} {{ raw }} {% endraw %} {{ strftime_now( '%d %B %Y' ) }}
      {%- if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}
      """;

  private ChatReadings() {}

  static List<FuzzedReader> all() {
    String settings =
        "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}, \"chat_template\":"
            + " [{\"name\": \"default\", \"template\": \"{{ messages[0].content }}\"}]}";
    return List.of(
        new FuzzedReader(
            "chat-template",
            "chat_template.jinja",
            new TextSeed(TEMPLATE),
            Map.of(SETTINGS, settings.getBytes(StandardCharsets.UTF_8)),
            ChatReadings::read),
        FuzzedReader.alone("chat-settings", SETTINGS, JsonSeed.of(settings), ChatReadings::read));
  }

  /** Rendered twice, the text is the same. */
  private static void read(Path folder, Path file) {
    ChatTemplates templates =
        ChatTemplates.of(folder, folder, SpecialTokens.read(folder), ChatTexts.NONE);
    Chat chat = templates.chat("default", Optional.of(LocalDate.of(2024, 7, 26)));
    unless(chat.asked(MESSAGE).equals(chat.asked(MESSAGE)), "another text at the second time");
  }
}

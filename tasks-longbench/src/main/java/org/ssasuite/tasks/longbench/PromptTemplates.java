package org.ssasuite.tasks.longbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.ssasuite.tasks.longbench.text.PackedText;

/**
 * LongBench's prompts, whose licence lies beside them. Their placeholders are {@code {context}} and
 * {@code {input}}.
 */
final class PromptTemplates {
  private static final JsonNode V1 = read("prompts/dataset2prompt.json");

  private PromptTemplates() {}

  static String of(DataSet set) {
    return V1.get(set.text()).textValue();
  }

  /**
   * What Python's {@code template.format(context=…, input=…)} gives: a value is not looked into.
   */
  static String filled(String template, String context, String input) {
    StringBuilder prompt = new StringBuilder(template.length() + context.length() + input.length());
    int at = 0;
    while (at < template.length()) {
      if (template.startsWith("{context}", at)) {
        prompt.append(context);
        at += "{context}".length();
      } else if (template.startsWith("{input}", at)) {
        prompt.append(input);
        at += "{input}".length();
      } else {
        prompt.append(template.charAt(at));
        at++;
      }
    }
    return prompt.toString();
  }

  private static JsonNode read(String name) {
    try {
      return JsonMapper.builder().build().readTree(PackedText.whole(name));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(name + " is no JSON", e);
    }
  }
}

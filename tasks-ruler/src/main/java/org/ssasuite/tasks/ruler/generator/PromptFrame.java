package org.ssasuite.tasks.ruler.generator;

import java.util.Map;

/**
 * What stands before and behind a prompt's context.
 *
 * @param head up to the context
 * @param tail from the context on: question, and answer prefix where the reference counts it in
 */
record PromptFrame(String head, String tail) {
  private static final String CONTEXT = "{context}";

  /** A template with {@code {context}} in it; other names in braces are replaced. */
  static PromptFrame of(String template, Map<String, String> fields) {
    int at = template.indexOf(CONTEXT);
    return new PromptFrame(
        filled(template.substring(0, at), fields),
        filled(template.substring(at + CONTEXT.length()), fields));
  }

  /** Each name once over the template, not over what was filled in. */
  private static String filled(String template, Map<String, String> fields) {
    StringBuilder filled = new StringBuilder();
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      int close = template.indexOf('}', open);
      filled.append(template, at, open).append(fields.get(template.substring(open + 1, close)));
      at = close + 1;
    }
    return filled.append(template, at, template.length()).toString();
  }

  String around(CharSequence context) {
    return head + context + tail;
  }
}

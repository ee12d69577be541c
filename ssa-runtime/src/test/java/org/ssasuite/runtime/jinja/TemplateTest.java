package org.ssasuite.runtime.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.testing.Golden;

/** Templates are rendered as jinja2 renders them as transformers sets it up. */
class TemplateTest {
  private static final LocalDate DAY = LocalDate.of(2024, 7, 6);

  static List<JsonNode> sets() {
    return Golden.vectors("chat-templates.jsonl.xz");
  }

  private static Object value(JsonNode node) {
    if (node.isNull()) {
      return Nothing.NONE;
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(value(item)));
      return items;
    }
    if (node.isObject()) {
      return variables(node);
    }
    if (node.isIntegralNumber()) {
      return node.longValue();
    }
    return node.isTextual() ? node.textValue() : scalar(node);
  }

  private static Object scalar(JsonNode node) {
    return node.isBoolean() ? (Object) node.booleanValue() : (Object) node.doubleValue();
  }

  private static Map<String, Object> variables(JsonNode node) {
    Map<String, Object> variables = new LinkedHashMap<>();
    node.properties().forEach(entry -> variables.put(entry.getKey(), value(entry.getValue())));
    return variables;
  }

  private static String rendered(String template) {
    return rendered(template, Map.of());
  }

  private static String rendered(String template, Map<String, Object> variables) {
    return Template.of(template).render(variables, Optional.of(DAY));
  }

  /** A template that raises an error there does here. */
  @ParameterizedTest
  @MethodSource("sets")
  void textsAreThoseOfTransformers(JsonNode set) {
    for (JsonNode one : set.required("cases")) {
      String template = one.path("template").asText(set.path("source").asText());
      Map<String, Object> variables =
          variables(one.has("vars") ? one.get("vars") : set.path("vars"));
      if (one.has("text")) {
        assertThat(rendered(template, variables)).as(template).isEqualTo(one.get("text").asText());
      } else {
        assertThatThrownBy(() -> rendered(template, variables))
            .as(template)
            .isInstanceOf(TemplateFault.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -- ",
      quoteCharacter = '"',
      value = {
        "{{ 'a'|urlize }} -- the filter 'urlize'",
        "{{ 'a' is filter }} -- the test 'filter'",
        "{{ 'a'.swapcase() }} -- the method 'swapcase' of texts",
        "{% include 'a' %} -- the tag 'include'",
        "{% nonsense %} -- the unknown tag 'nonsense'",
        "{{ [1].append(2) }} -- 'append', which changes a value",
        "{{ x.__class__ }} -- '__class__', a name that a sandbox keeps to itself",
        "{{ lipsum() }} -- 'lipsum'",
        "{{ {1.5: 1} }} -- a dict with a key of 'float'"
      })
  void whatIsNotKnownIsNamedWithItsLine(String tag, String fact) {
    assertThatThrownBy(() -> rendered("a\n\n" + tag, Map.of("x", "")))
        .isInstanceOfSatisfying(
            TemplateFault.class, fault -> assertThat(fault.fact()).isEqualTo("line 3: " + fact));
  }

  @Test
  void raisedExceptionIsSaid() {
    assertThatThrownBy(() -> rendered("{{ raise_exception('No ' ~ 'system') }}"))
        .hasMessage("the template says: No system");
  }

  @Test
  void dayIsTheOneThatIsGiven() {
    assertThat(rendered("{{ strftime_now('%d %B %Y, %-d %b %y, %A %a %j %F %H:%M:%S %I %p %%') }}"))
        .isEqualTo("06 July 2024, 6 Jul 24, Saturday Sat 188 2024-07-06 00:00:00 12 AM %");
  }

  @Test
  void dayIsRefusedWithoutOne() {
    Template template = Template.of("{{ strftime_now('%Y') }}");
    assertThatThrownBy(() -> template.render(Map.of(), Optional.empty()))
        .hasMessageContaining("--chat-date");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 'a'.ljust(999999999) }}",
        "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
            + "{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}"
      })
  void noneRunsForEverOrFillsTheMemory(String template) {
    assertThatThrownBy(() -> rendered(template)).isInstanceOf(TemplateFault.class);
  }

  @Test
  void deepTemplatesAreFaults() {
    assertThatThrownBy(() -> rendered("{{ " + "1+".repeat(100_000) + "1 }}"))
        .hasMessageContaining("levels");
  }

  @Test
  void manyBracketsAreAFault() {
    assertThatThrownBy(
            () -> rendered("{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}"))
        .hasMessageContaining("levels");
  }

  @Test
  void longStringsAreRead() {
    String escapes = "\\n".repeat(50_000);
    assertThat(rendered("{{ '" + escapes + "' }}")).isEqualTo("\n".repeat(50_000));
  }
}

package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.run.items.Item;
import org.ssasuite.core.run.items.SampleItems;

/** What lines of {@code samples.jsonl} say of single requests, out and in. */
final class ItemJson {
  static final Set<String> FIELDS = Set.of("items", "expected", "needles");
  private static final String LOG_PROBABILITIES = "logprobs";
  private static final String REFERENCE = "reference_logprobs";

  private ItemJson() {}

  static void put(ObjectNode line, SampleItems sample) {
    ArrayNode items = line.putArray("items");
    for (Item item : sample.items()) {
      ObjectNode one = items.addObject();
      item.fold(
          choice -> put(one, choice),
          written -> put(one, written),
          rated -> put(one, rated),
          compared -> put(one, compared));
      item.prompt().ifPresent(prompt -> one.put("prompt", prompt));
    }
    ArrayNode expected = line.putArray("expected");
    sample.expected().forEach(expected::add);
    if (!sample.needles().isEmpty()) {
      ArrayNode needles = line.putArray("needles");
      for (Needle needle : sample.needles()) {
        needles
            .addObject()
            .put("from", needle.span().from())
            .put("to", needle.span().to())
            .put("depth", needle.tenth());
      }
    }
  }

  private static ObjectNode put(ObjectNode one, Item.Choice choice) {
    one.put("continuation", choice.text());
    put(one, "logprob", choice.logLikelihood());
    return one.put("tokens", choice.tokens())
        .put("bytes", choice.bytes())
        .put("greedy", choice.greedy())
        .put("boundary_moved", choice.boundaryMoved());
  }

  private static ObjectNode put(ObjectNode one, Item.Written written) {
    one.put("answer", written.text()).put("tokens", written.tokens());
    written.failure().ifPresent(failure -> one.put("failure", failure));
    return one;
  }

  private static ObjectNode put(ObjectNode one, Item.Rated rated) {
    one.put("first_position", rated.firstPosition()).put("bytes", rated.bytes());
    ArrayNode values = one.putArray(LOG_PROBABILITIES);
    for (OptionalDouble value : rated.logProbabilities()) {
      if (value.isPresent()) {
        // They come from the kernels in fp32.
        values.add((float) value.getAsDouble());
      } else {
        values.addNull();
      }
    }
    return one;
  }

  private static ObjectNode put(ObjectNode one, Item.Compared compared) {
    put(one.putArray(REFERENCE), compared.reference());
    put(one.putArray(LOG_PROBABILITIES), compared.logProbabilities());
    return one;
  }

  private static void put(ObjectNode one, String field, OptionalDouble value) {
    if (value.isPresent()) {
      one.put(field, value.getAsDouble());
    } else {
      one.putNull(field);
    }
  }

  private static void put(ArrayNode values, List<OptionalDouble> all) {
    for (OptionalDouble value : all) {
      if (value.isPresent()) {
        values.add(value.getAsDouble());
      } else {
        values.addNull();
      }
    }
  }

  /** Absent where a line says nothing of requests. */
  static Optional<SampleItems> read(JsonLine line) {
    if (!line.object().has("items")) {
      if (line.object().has("expected") || line.object().has("needles")) {
        throw line.bad("has 'expected' or 'needles', and no 'items'");
      }
      return Optional.empty();
    }
    List<Item> items = new ArrayList<>();
    line.eachWithin("items").forEach(item -> items.add(item(item)));
    if (items.isEmpty()) {
      throw line.bad("field 'items' is empty");
    }
    List<Needle> needles = new ArrayList<>();
    if (line.object().has("needles")) {
      line.eachWithin("needles").forEach(needle -> needles.add(needle(needle)));
    }
    return Optional.of(new SampleItems(items, texts(line, "expected"), needles));
  }

  private static Item item(JsonLine item) {
    JsonNode object = item.object();
    Optional<String> prompt =
        object.has("prompt") ? Optional.of(string(item, "prompt")) : Optional.empty();
    if (object.has("continuation")) {
      return new Item.Choice(
          string(item, "continuation"),
          number(item, object.path("logprob"), "logprob"),
          count(item, "tokens"),
          count(item, "bytes"),
          flag(item, "greedy"),
          flag(item, "boundary_moved"),
          prompt);
    }
    if (object.has("answer")) {
      Optional<String> failure =
          object.has("failure") ? Optional.of(string(item, "failure")) : Optional.empty();
      return new Item.Written(string(item, "answer"), count(item, "tokens"), failure, prompt);
    }
    if (object.has(REFERENCE)) {
      return new Item.Compared(numbers(item, REFERENCE), numbers(item, LOG_PROBABILITIES), prompt);
    }
    return new Item.Rated(
        count(item, "first_position"),
        numbers(item, LOG_PROBABILITIES),
        count(item, "bytes"),
        prompt);
  }

  private static Needle needle(JsonLine needle) {
    int from = count(needle, "from");
    int to = count(needle, "to");
    if (to <= from) {
      throw needle.bad("a needle ends at character " + to + " and begins at " + from);
    }
    return new Needle(new TextSpan(from, to), needle.index("depth", Needle.TENTHS));
  }

  /** Answers of models may be no whole text. */
  private static String string(JsonLine item, String field) {
    JsonNode value = item.object().path(field);
    if (!value.isTextual()) {
      throw item.bad("field '" + field + "' of an item is not a string");
    }
    return value.textValue();
  }

  private static List<String> texts(JsonLine line, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : line.object().path(field)) {
      if (!text.isTextual()) {
        throw line.bad("field '" + field + "' is not a list of strings");
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  private static int count(JsonLine item, String field) {
    return item.index(field, Integer.MAX_VALUE);
  }

  private static boolean flag(JsonLine item, String field) {
    JsonNode value = item.object().path(field);
    if (!value.isBoolean()) {
      throw item.bad("field '" + field + "' of an item is neither true nor false");
    }
    return value.booleanValue();
  }

  private static OptionalDouble number(JsonLine item, JsonNode value, String field) {
    if (value.isNull()) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw item.bad("field '" + field + "' of an item is no finite number, and not null");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  private static List<OptionalDouble> numbers(JsonLine item, String field) {
    JsonNode values = item.object().path(field);
    if (!values.isArray()) {
      throw item.bad("field '" + field + "' of an item is not a list of numbers");
    }
    List<OptionalDouble> numbers = new ArrayList<>();
    values.forEach(value -> numbers.add(number(item, value, field)));
    return numbers;
  }
}

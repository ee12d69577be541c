package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.FollowUp;

/**
 * The JSON form of what a run writes. Names are the components' in snake case; what is absent, and
 * an end of an interval that is infinite, is null. Other characters than ASCII are escaped, as
 * Python's writer does, so that every string survives, an unpaired surrogate too.
 */
final class RunJson {
  private static final StrictJson JSON = new StrictJson(List.of(forms(), TaskIdJson.form()));

  private RunJson() {}

  private static SimpleModule forms() {
    SimpleModule forms = new SimpleModule();
    JsonForm.add(
        forms, TaskResult.class, TaskResultForm.class, TaskResultForm::of, TaskResultForm::result);
    JsonForm.add(
        forms, Interval.class, IntervalForm.class, IntervalForm::of, IntervalForm::interval);
    return forms;
  }

  /** JSON has no infinities: an end that is one is absent. */
  private record IntervalForm(
      OptionalDouble low, OptionalDouble high, double level, Interval.Method method) {
    static IntervalForm of(Interval interval) {
      return new IntervalForm(
          finite(interval.low()), finite(interval.high()), interval.level(), interval.method());
    }

    private static OptionalDouble finite(double end) {
      return Double.isInfinite(end) ? OptionalDouble.empty() : OptionalDouble.of(end);
    }

    Interval interval() {
      return new Interval(
          low.orElse(Double.NEGATIVE_INFINITY),
          high.orElse(Double.POSITIVE_INFINITY),
          level,
          method);
    }
  }

  /** The whole text of a {@code manifest.json}. */
  static String document(RunManifest manifest) {
    return JSON.document(manifest);
  }

  /** The whole text of a {@code results.json}. */
  static String document(RunResult result) {
    return JSON.document(result);
  }

  /**
   * Reads what {@link #document(RunResult)} wrote.
   *
   * @throws BadInputException if the file is anything else
   */
  static RunResult result(DataFile file) {
    List<String> schemas =
        List.of(RunResult.SCHEMA, RunResult.SECOND_SCHEMA, RunResult.FIRST_SCHEMA);
    return JSON.read(file, schemas, RunResult.class, RunJson::complete);
  }

  /**
   * Reads what {@link #document(RunManifest)} wrote.
   *
   * @throws BadInputException if the file is anything else
   */
  static RunManifest manifest(DataFile file) {
    List<String> schemas = List.of(RunManifest.SCHEMA, RunManifest.FIRST_SCHEMA);
    return JSON.read(file, schemas, RunManifest.class, RunJson::complete);
  }

  /**
   * The same out of a text.
   *
   * @throws BadInputException if it is anything else
   */
  static RunManifest manifest(String text) {
    return JSON.read(
        "a run's manifest", text, RunManifest.SCHEMA, RunManifest.class, RunJson::complete);
  }

  /** The fields of a manifest as a tree, to be compared. */
  static JsonNode tree(RunManifest manifest) {
    return JSON.mapper().valueToTree(manifest);
  }

  /**
   * Puts in what is not stated where there is nothing of it, and what files of the first version do
   * not state; later ones state all else.
   */
  private static void complete(JsonNode tree) {
    JsonNode manifest = tree.has("manifest") ? tree.path("manifest") : tree;
    if (manifest.path("spec") instanceof ObjectNode spec) {
      putIfAbsent(spec, "names", spec.arrayNode());
      putIfAbsent(spec, "observe", NullNode.getInstance());
      putIfAbsent(spec, "attribution", BooleanNode.FALSE);
      putIfAbsent(spec, "items", NullNode.getInstance());
      putIfAbsent(spec, "parts", spec.arrayNode());
      putIfAbsent(spec, "serving", NullNode.getInstance());
    }
    if (manifest instanceof ObjectNode fields) {
      putIfAbsent(fields, "shard", NullNode.getInstance());
      putIfAbsent(fields, "published", fields.objectNode());
    }
    if (tree.has("results") && tree instanceof ObjectNode document) {
      putIfAbsent(document, "costs", document.arrayNode());
    }
    boolean latest = RunResult.SCHEMA.equals(tree.path("schema").textValue());
    for (JsonNode result : tree.path("results")) {
      if (result instanceof ObjectNode fields) {
        TaskResultForm.OPTIONAL.forEach(name -> putIfAbsent(fields, name, NullNode.getInstance()));
      }
      if (!latest) {
        putInMetrics(result, "standard_error");
      }
    }
    if (!RunManifest.FIRST_SCHEMA.equals(manifest.path("schema").textValue())) {
      return;
    }
    if (manifest instanceof ObjectNode fields) {
      putIfAbsent(fields, "rows", fields.arrayNode());
    }
    if (manifest.path("spec") instanceof ObjectNode spec) {
      putIfAbsent(spec, "chunk", IntNode.valueOf(RunSpec.STANDARD_CHUNK));
      putIfAbsent(spec, "sharing", BooleanNode.TRUE);
      if (spec.has("lengths")) {
        ofNames(spec);
      }
    }
    for (JsonNode result : tree.path("results")) {
      if (result instanceof ObjectNode fields) {
        TaskResultForm.LATER.forEach(name -> putIfAbsent(fields, name, NullNode.getInstance()));
      }
      TaskIdJson.complete(result.path("task"));
      putInMetrics(result, "transform");
    }
  }

  private static void putInMetrics(JsonNode result, String name) {
    for (JsonNode metric : result.path("metrics")) {
      if (metric instanceof ObjectNode fields) {
        putIfAbsent(fields, name, NullNode.getInstance());
      }
    }
  }

  /**
   * Once a spec had names of tasks, and lists of lengths, shots and seeds that all of them shared.
   * Which task had which of them it did not say, so only the names are kept.
   */
  private static void ofNames(ObjectNode spec) {
    spec.remove(List.of("lengths", "shots", "seeds", "limit", "ruler"));
    ArrayNode orders = JSON.mapper().createArrayNode();
    for (JsonNode name : spec.path("tasks")) {
      orders.add(
          name.isTextual() ? JSON.mapper().valueToTree(TaskOrder.of(name.textValue())) : name);
    }
    spec.set("tasks", orders);
  }

  private static void putIfAbsent(ObjectNode fields, String name, JsonNode value) {
    if (!fields.has(name)) {
      fields.set(name, value);
    }
  }

  /**
   * A request's kind and fields, always in this order and without white space: what is digested.
   *
   * @param then what is asked on the strength of its answer
   */
  static String canonical(Request<?> request, Optional<FollowUp> then) {
    ObjectNode node =
        request.fold(
            generate -> {
              ObjectNode fields = kind("generate").put("prompt", generate.prompt());
              fields.put("max_tokens", generate.maxTokens());
              ArrayNode stops = fields.putArray("stops");
              generate.stops().forEach(stops::add);
              return withDeviations(fields, generate);
            },
            rate ->
                withTruncation(
                    kind("rate_continuation")
                        .put("context", rate.context())
                        .put("continuation", rate.continuation()),
                    rate.truncation()),
            rate ->
                kind("rate_document")
                    .put("text", rate.text())
                    .put("windows", rate.windows().text()),
            compare ->
                kind("compare_document")
                    .put("text", compare.text())
                    .put("tokens", compare.tokens())
                    .put("reference", compare.reference()));
    then.ifPresent(
        second ->
            node.putObject("follow_up")
                .put("before", second.before())
                .put("behind", second.behind())
                .put("max_tokens", second.maxTokens()));
    putObservations(node, request.observe());
    if (request.bos() != Bos.AUTO) {
      node.put("bos", request.bos().text());
    }
    return JSON.line(node);
  }

  /** Those that their names say all of; then a field for each of the others. */
  private static void putObservations(ObjectNode node, Observe observe) {
    ArrayNode names = node.putArray("observe");
    List<Observation<?>> sorted =
        observe.observations().stream()
            .sorted(Comparator.<Observation<?>, String>comparing(Observation::name))
            .toList();
    for (Observation<?> each : sorted) {
      if (each.arguments().isEmpty()) {
        names.add(each.name());
      } else {
        ArrayNode arguments = node.putArray(each.name());
        each.arguments().forEach(numbers -> numbers.forEach(arguments.addArray()::add));
      }
    }
  }

  /** What the first requests did not have is stated where it is not as theirs was. */
  private static ObjectNode withDeviations(ObjectNode fields, Generate generate) {
    withTruncation(fields, generate.truncation());
    EndTokens ends = generate.ends();
    if (ends.leastTokens() > 0) {
      fields.put("least_tokens", ends.leastTokens());
    }
    if (!ends.lastTokenOf().isEmpty()) {
      ArrayNode texts = fields.putArray("ends_at_last_token_of");
      ends.lastTokenOf().forEach(texts::add);
    }
    if (!generate.attends().isEmpty()) {
      ArrayNode spans = fields.putArray("attends");
      generate.attends().forEach(span -> spans.addArray().add(span.from()).add(span.to()));
    }
    return fields;
  }

  private static ObjectNode withTruncation(ObjectNode fields, Truncation truncation) {
    return truncation instanceof Truncation.Whole
        ? fields
        : fields.put("truncation", truncation.text());
  }

  private static ObjectNode kind(String kind) {
    return JSON.mapper().createObjectNode().put("kind", kind);
  }

  /** One line of a JSON Lines file, the line feed included; ASCII only. */
  static byte[] line(JsonNode fields) {
    return (JSON.line(fields) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  static ObjectNode fields() {
    return JSON.mapper().createObjectNode();
  }
}

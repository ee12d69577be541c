package org.ssasuite.tasks.ruler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.text.Span;

/** A sample in the cache: what its reference writes of it, and where its needles are. */
final class SampleForm {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private SampleForm() {}

  static String line(RulerSample sample) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("number", sample.number()).put("input", sample.input());
    ArrayNode outputs = line.putArray("outputs");
    sample.outputs().forEach(outputs::add);
    line.put("length", sample.length()).put("answer_prefix", sample.answerPrefix());
    sample
        .answerAt()
        .ifPresent(at -> line.putArray("answer_at").add(at.character()).add(at.token()));
    sample.inputExample().ifPresent(example -> line.put("input_example", example));
    ArrayNode needles = line.putArray("needles");
    sample.needles().forEach(needle -> needles.addArray().add(needle.from()).add(needle.to()));
    return line.toString();
  }

  /** Reads what {@link #line} wrote. */
  static RulerSample sample(JsonLine line) {
    JsonNode node = line.object();
    List<String> outputs = new ArrayList<>();
    node.path("outputs").forEach(output -> outputs.add(output.asText()));
    List<Span> needles = new ArrayList<>();
    node.path("needles")
        .forEach(needle -> needles.add(new Span(needle.path(0).asInt(), needle.path(1).asInt())));
    JsonNode at = node.path("answer_at");
    return new RulerSample(
        node.path("number").asInt(),
        line.text("input"),
        outputs,
        node.path("length").asInt(),
        line.text("answer_prefix"),
        at.isArray()
            ? Optional.of(new RulerSample.AnswerAt(at.path(0).asInt(), at.path(1).asInt()))
            : Optional.empty(),
        node.has("input_example") ? Optional.of(line.text("input_example")) : Optional.empty(),
        needles);
  }
}

package org.ssasuite.runtime.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;

/**
 * Where the time of a graph's runs went.
 *
 * @param microsByOperator time of all nodes of an operator, largest first; microseconds
 */
public record NodeTimes(Map<String, Long> microsByOperator) {
  public NodeTimes {
    Map<String, Long> sorted = new LinkedHashMap<>();
    microsByOperator.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    microsByOperator = Collections.unmodifiableMap(sorted);
  }

  /**
   * Adds up a record that ONNX Runtime wrote: events in Chrome's trace format, of which those of
   * category {@code Node} whose name ends in {@code _kernel_time} are the nodes' own times.
   *
   * @throws BadInputException if it is no such record
   */
  public static NodeTimes read(Path file) {
    JsonNode events;
    try {
      events = JsonMapper.builder().build().readTree(file.toFile());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    Map<String, Long> micros = new TreeMap<>();
    for (JsonNode event : events) {
      boolean node = event.path("cat").asText().equals("Node");
      if (node && event.path("name").asText().endsWith("_kernel_time")) {
        String operator = event.path("args").path("op_name").asText();
        micros.merge(operator, event.path("dur").asLong(), Long::sum);
      }
    }
    if (micros.isEmpty()) {
      throw new BadInputException(file, "holds no times of nodes");
    }
    return new NodeTimes(micros);
  }

  /** Of all nodes, in microseconds. */
  public long totalMicros() {
    return microsByOperator.values().stream().mapToLong(Long::longValue).sum();
  }
}

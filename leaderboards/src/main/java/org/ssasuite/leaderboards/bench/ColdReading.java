package org.ssasuite.leaderboards.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.speed.NodeTimes;

/**
 * A row's prompts read once in a process of its own, in which nothing was freed before that could
 * be used again: what that process's memory and the graph's nodes show.
 *
 * @param overIdleBytes the process's peak memory less what it had with the model loaded; absent
 *     where the system does not count it
 * @param deviceBytes what the device's memory lost by the model and the reading; absent on a CPU
 * @param prefill where the time went; of no nodes on a device, which works on while they end
 */
record ColdReading(
    OptionalLong overIdleBytes,
    OptionalLong deviceBytes,
    PagePool.Report cache,
    NodeTimes prefill) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** One line, as a process says it to the one that started it. */
  String line() {
    ObjectNode node = MAPPER.createObjectNode();
    overIdleBytes.ifPresent(bytes -> node.put("over_idle", bytes));
    deviceBytes.ifPresent(bytes -> node.put("device", bytes));
    node.put("pages", cache.pages()).put("bytes", cache.bytes());
    node.put("proved", cache.proved()).put("exact", cache.exact());
    ObjectNode operators = node.putObject("micros");
    prefill.microsByOperator().forEach(operators::put);
    return node.toString();
  }

  /**
   * Reads such a line.
   *
   * @throws IOException if it is none
   */
  static ColdReading parse(String line) throws IOException {
    JsonNode node = MAPPER.readTree(line);
    if (!node.path("micros").isObject()) {
      throw new IOException("a process that was to read prompts said: " + line);
    }
    Map<String, Long> micros = new TreeMap<>();
    node.get("micros").properties().forEach(e -> micros.put(e.getKey(), e.getValue().asLong()));
    return new ColdReading(
        number(node.path("over_idle")),
        number(node.path("device")),
        new PagePool.Report(
            node.path("pages").asLong(),
            node.path("bytes").asLong(),
            node.path("proved").asLong(),
            node.path("exact").asLong()),
        new NodeTimes(micros));
  }

  private static OptionalLong number(JsonNode node) {
    return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(node.asLong());
  }
}

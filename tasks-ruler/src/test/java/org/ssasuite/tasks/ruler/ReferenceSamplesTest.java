package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

/**
 * Samples of all tasks, versions and several lengths, byte for byte as the references write them.
 */
class ReferenceSamplesTest {
  @TempDir Path folder;

  static List<JsonNode> runs() {
    return Golden.vectors("samples.jsonl", "samples");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyLineIsTheReferences(JsonNode run) {
    List<String> expected = new ArrayList<>();
    run.get("lines").forEach(line -> expected.add(line.textValue()));
    String version = run.get("version").textValue();

    List<String> lines =
        new Bench(folder)
            .lines(
                run.get("task").textValue(),
                Bench.order(
                    version,
                    run.get("length").intValue(),
                    run.get("seed").longValue(),
                    expected.size()));

    assertThat(lines.stream().map(ReferenceSamplesTest::asWritten).map(Bench::hash))
        .containsExactlyElementsOf(expected);
  }

  /** lm-eval's records have no {@code answer_prefix}; ours have it behind all others. */
  private static String asWritten(String line) {
    int own = line.lastIndexOf(", \"answer_prefix\"");
    return line.contains("\"gen_prefix\"") ? line.substring(0, own) + "}" : line;
  }

  /** NVIDIA/RULER c3f5e3b4, first sample at 4,096 tokens of white space, seed 42. */
  @ParameterizedTest
  @CsvSource({
    "niah_single_1, 9179098aff434e89, 4081, 7022674",
    "niah_multikey_2, 03567fb75fe07af4, 4096, 7669861",
    "niah_multikey_3, b81a262ddfb9c851, 4096, 9624ba9d-1cea-4ac0-9466-f946ffab82a0",
    "vt, ac38dc22b3de90e5, 4093, DMNOI",
    "cwe, b3e6b387c9398bbb, 4096, stud",
    "fwe, 6f9e1ea8a8977694, 3990, ufnllw",
    "qa_1, 7d6cd1650995ad1b, 4051, w0",
    "qa_2, 3bfe431fd78a115e, 4094, A0"
  })
  void firstSampleHasTheCheckValues(String task, String hash, int length, String answer)
      throws Exception {
    String line = new Bench(folder).lines(task, Bench.order("nvidia-2025", 4096, 42, 1)).get(0);
    JsonNode sample = JsonMapper.builder().build().readTree(line);

    assertThat(Bench.hash(sample.get("input").textValue())).isEqualTo(hash);
    assertThat(sample.get("length").intValue()).isEqualTo(length);
    assertThat(sample.get("outputs").get(0).textValue()).isEqualTo(answer);
  }
}

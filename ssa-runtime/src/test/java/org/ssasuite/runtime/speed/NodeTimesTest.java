package org.ssasuite.runtime.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class NodeTimesTest {
  @TempDir Path folder;

  private NodeTimes read(String json) throws IOException {
    return NodeTimes.read(Files.writeString(folder.resolve("profile.json"), json));
  }

  private static String event(String category, String name, String operator, int micros) {
    return """
        {"cat": "%s", "name": "%s", "dur": %d, "ts": 5, "args": {"op_name": "%s"}}"""
        .formatted(category, name, micros, operator);
  }

  @Test
  void addsUpTheNodesOfAnOperatorLargestFirst() throws IOException {
    NodeTimes times =
        read(
            "["
                + String.join(
                    ",",
                    event("Session", "model_run", "", 900),
                    event("Node", "a_kernel_time", "Add", 10),
                    event("Node", "b_kernel_time", "Gemm", 25),
                    event("Node", "b_fence_before", "Gemm", 400),
                    event("Node", "c_kernel_time", "Add", 7))
                + "]");

    assertThat(times.microsByOperator().toString()).isEqualTo("{Gemm=25, Add=17}");
    assertThat(times.totalMicros()).isEqualTo(42);
  }

  @Test
  void aRecordWithoutNodesIsBadInput() {
    assertThatThrownBy(() -> read("[]"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no times of nodes");
  }

  @Test
  void aCutRecordIsBadInput() {
    assertThatThrownBy(() -> read("[{\"cat\": \"No"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("profile.json");
  }
}

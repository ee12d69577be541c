package org.ssasuite.leaderboards.run.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class SparkOptionsTest {
  private static final SparkOptions.Need CPU = new SparkOptions.Need(8, false, 5L << 30);
  private static final SparkOptions.Need GPU = new SparkOptions.Need(4, true, 5L << 30);

  private static Map<String, String> completed(
      String master, SparkOptions.Need need, String... given) {
    return SparkOptions.of(master, List.of(given)).completed(need).all();
  }

  @Test
  void aTaskHasAllCoresOfAnExecutorOfALocalCluster() {
    assertThat(completed("local-cluster[3,2,1500]", CPU))
        .containsEntry("spark.executor.cores", "2")
        .containsEntry("spark.task.cpus", "2")
        .containsEntry("spark.executor.memory", "1500m");
  }

  @Test
  void aTaskHasAllCoresOfALocalMaster() {
    assertThat(completed("local[4]", CPU)).containsEntry("spark.task.cpus", "4");
  }

  @Test
  void anExecutorHasACoreForEachThread() {
    assertThat(completed("spark://host:7077", CPU))
        .containsEntry("spark.executor.cores", "8")
        .containsEntry("spark.task.cpus", "8");
  }

  @Test
  void anExecutorHasMemoryForTheProgramBesideSparksOwn() {
    assertThat(completed("yarn", CPU)).containsEntry("spark.executor.memoryOverhead", "5120m");
  }

  @Test
  void aTaskHasAGpuOfItsOwn() {
    assertThat(completed("k8s://host", GPU))
        .containsEntry("spark.executor.resource.gpu.amount", "1")
        .containsEntry("spark.task.resource.gpu.amount", "1")
        .doesNotContainKey("spark.task.cpus");
  }

  @Test
  void whatTheUserSaysStands() {
    assertThat(
            completed(
                "yarn",
                CPU,
                "spark.executor.cores=16",
                "spark.task.cpus=4",
                "spark.speculation=false",
                "spark.executor.memoryOverhead=9g"))
        .containsEntry("spark.executor.cores", "16")
        .containsEntry("spark.task.cpus", "4")
        .containsEntry("spark.speculation", "false")
        .containsEntry("spark.executor.memoryOverhead", "9g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark.executor.memory", "executor.memory=2g", "=2g", ""})
  void whatIsNoOptionIsOneLine(String option) {
    assertThatThrownBy(() -> SparkOptions.of("local", List.of(option)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--spark-conf: must be as spark.executor.memory=2g, not " + option);
  }
}

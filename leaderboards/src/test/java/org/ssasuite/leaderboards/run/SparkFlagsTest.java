package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** What {@code --spark} refuses before it looks for Spark. */
class SparkFlagsTest {
  @TempDir Path folder;

  private void assertRefused(String line, Object... words) {
    Outcome outcome = Terminal.type(words);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: " + line + "\n");
  }

  @Test
  void aShardIsNotSharedOutAgain() {
    assertRefused(
        "--spark: goes without --shard: Spark's executors do all of a run",
        "run",
        "--spark",
        "local",
        "--shard",
        "1/2",
        "--out",
        folder.resolve("run"));
  }

  @Test
  void anOptionOfSparksNeedsSpark() {
    assertRefused(
        "--spark-conf: goes with --spark",
        "run",
        "--spark-conf",
        "spark.executor.memory=2g",
        "--out",
        folder.resolve("run"));
  }

  @Test
  void whatIsNoOptionOfSparksIsOneLine() {
    assertRefused(
        "--spark-conf: must be as spark.executor.memory=2g, not memory=2g",
        "run",
        "--spark",
        "local",
        "--spark-conf",
        "memory=2g",
        "--out",
        folder.resolve("run"));
  }
}

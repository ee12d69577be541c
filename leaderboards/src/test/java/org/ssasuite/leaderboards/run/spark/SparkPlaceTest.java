package org.ssasuite.leaderboards.run.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class SparkPlaceTest {
  @TempDir Path root;

  private Path built() throws IOException {
    Path target = Files.createDirectories(root.resolve("leaderboards/spark/target"));
    return Files.createFile(target.resolve("spark-units-1.jar"));
  }

  @Test
  void aBuildWithoutSparkSaysHowToGetIt() {
    assertThatThrownBy(() -> SparkPlace.find(root, Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--spark: this build has nothing for Spark: 'mvn -B -ntp -Pspark package -DskipTests'"
                + " in "
                + root
                + " makes it");
  }

  @Test
  void aBuildWithSparkHasADistributionOfItsOwn() throws IOException {
    Path jar = built();
    Path home = Files.createDirectories(root.resolve("leaderboards/spark/target/jars")).getParent();

    assertThat(SparkPlace.find(root, Map.of())).isEqualTo(new SparkPlace(home, jar));
  }

  @Test
  void theUsersDistributionComesFirst() throws IOException {
    Path jar = built();
    Files.createDirectories(root.resolve("leaderboards/spark/target/jars"));
    Path home = Files.createDirectories(root.resolve("mine/jars")).getParent();

    assertThat(SparkPlace.find(root, Map.of("SPARK_HOME", home.toString())))
        .isEqualTo(new SparkPlace(home, jar));
  }

  @Test
  void whatIsNoDistributionIsOneLine() throws IOException {
    built();

    assertThatThrownBy(() -> SparkPlace.find(root, Map.of("SPARK_HOME", "/none")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("SPARK_HOME /none: is no Spark distribution: it has no folder jars");
  }

  @Test
  void aHadoopClusterIsOnTheClassPath() throws IOException {
    SparkPlace place = new SparkPlace(root, built());

    assertThat(place.classPath(Map.of("HADOOP_CONF_DIR", "/etc/hadoop")))
        .isEqualTo(place.jar() + ":" + root.resolve("jars/*") + ":/etc/hadoop");
  }
}

package org.ssasuite.leaderboards.run.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;

/**
 * Where Spark is, and what of ours runs on it.
 *
 * @param home a Spark distribution: the one that {@code SPARK_HOME} names, else what a build with
 *     profile {@code spark} has fetched
 * @param jar of ours, for Spark's driver and executors
 */
public record SparkPlace(Path home, Path jar) {
  /** What a user asks by. */
  public static final String OPTION = "--spark";

  private static final String HOME = "SPARK_HOME";
  private static final String JARS = "jars";

  /**
   * Looks for both.
   *
   * @param root of the suite
   * @param environment variables of this process
   * @throws BadInputException if one is not there; says how to get it
   */
  public static SparkPlace find(Path root, Map<String, String> environment) {
    Path built = root.resolve("leaderboards/spark/target");
    Path jar =
        jar(built)
            .orElseThrow(
                () ->
                    new BadInputException(
                        OPTION,
                        "this build has nothing for Spark: 'mvn -B -ntp -Pspark package"
                            + " -DskipTests' in "
                            + root
                            + " makes it"));
    String stated = environment.getOrDefault(HOME, "");
    Path home = stated.isEmpty() ? built : Path.of(stated);
    if (!Files.isDirectory(home.resolve(JARS))) {
      throw new BadInputException(
          stated.isEmpty() ? home.toString() : HOME + " " + stated,
          "is no Spark distribution: it has no folder " + JARS);
    }
    return new SparkPlace(home, jar);
  }

  private static Optional<Path> jar(Path built) {
    if (!Files.isDirectory(built)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(built)) {
      return files
          .filter(file -> file.getFileName().toString().matches("spark-units-[^/]*[^s]\\.jar"))
          .findFirst();
    } catch (IOException e) {
      throw BadInputException.io(built, e);
    }
  }

  /**
   * The class path of Spark's driver; ours has how much it says.
   *
   * @param environment variables of this process: where a Hadoop cluster is described
   */
  String classPath(Map<String, String> environment) {
    return Stream.concat(
            Stream.of(jar.toString(), home.resolve(JARS).resolve("*").toString()),
            Stream.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream()))
        .collect(java.util.stream.Collectors.joining(File.pathSeparator));
  }

  /** Packages that Spark opens by reflection, as its own scripts have them. */
  static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");
}

package org.ssasuite.spark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * What {@code spark-submit} starts: the program, with the words behind the jar and the options that
 * {@code spark-submit} was given. The jar lies where a build has made it.
 */
public final class Submitted {
  /** What the program says itself, or Spark made of this jar. */
  private static final List<String> ASIDE =
      List.of("spark.master", "spark.jars", "spark.submit.", "spark.repl.");

  /** From the jar, in {@code leaderboards/spark/target}, to where {@code ssa} lies. */
  private static final String PROGRAM = "../../../..";

  private Submitted() {}

  /** Ends with the program's status. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    Path jar = Path.of(Submitted.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path root = jar.toAbsolutePath().resolve(PROGRAM).normalize();
    List<String> command = new ArrayList<>();
    command.add(root.resolve("ssa").toString());
    command.addAll(List.of(arguments));
    SparkConf conf = new SparkConf();
    command.addAll(List.of("--spark", conf.get("spark.master")));
    for (Tuple2<String, String> option : conf.getAll()) {
      if (ASIDE.stream().noneMatch(option._1()::startsWith)) {
        command.addAll(List.of("--spark-conf", option._1() + "=" + option._2()));
      }
    }
    System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}

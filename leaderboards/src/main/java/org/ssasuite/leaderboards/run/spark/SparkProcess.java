package org.ssasuite.leaderboards.run.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.FolderTree;

/**
 * Spark's driver, a process beside this one: it has libraries of its own, and what it does to a
 * virtual machine it does to another one. It ends when this one does. Mutable, one owner, closed
 * once.
 */
public final class SparkProcess implements AutoCloseable {
  private static final String MAIN = "org.ssasuite.spark.SparkUnits";
  private static final int ANSWER = 0;
  private static final int DONE = 1;
  private static final long PATIENCE_SECONDS = 20;
  private static final String THIS_MACHINE = "127.0.0.1";

  private final Process process;
  private final Path scratch;

  private SparkProcess(Process process, Path scratch) {
    this.process = process;
    this.scratch = scratch;
  }

  /**
   * Starts it and gives it all there is to do.
   *
   * @param environment variables of this process
   * @throws BadInputException if it cannot be started
   */
  public static SparkProcess start(
      SparkPlace place, SparkOptions options, SparkOrder order, Map<String, String> environment) {
    try {
      Path scratch = Files.createTempDirectory("ssa-spark");
      ProcessBuilder builder = builder(place, options, environment, scratch);
      SparkProcess spark = new SparkProcess(builder.start(), scratch);
      try {
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(spark.process.getOutputStream()));
        order.write(out, options, place.jar().toString());
        return spark;
      } catch (IOException e) {
        spark.close();
        throw e;
      }
    } catch (IOException e) {
      throw new BadInputException(
          SparkPlace.OPTION, "Spark's driver cannot be started: " + e.getMessage(), e);
    }
  }

  private static ProcessBuilder builder(
      SparkPlace place, SparkOptions options, Map<String, String> environment, Path scratch) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.add("-Xmx" + options.all().getOrDefault("spark.driver.memory", "1g"));
    command.add("-Dfile.encoding=UTF-8");
    SparkPlace.OPENED.forEach(
        opened -> command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
    command.add("-Djava.io.tmpdir=" + scratch);
    command.addAll(List.of("-cp", place.classPath(environment), MAIN));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> variables = builder.environment();
    variables.put("SPARK_HOME", place.home().toString());
    // Without it a folder that is no whole distribution is searched for Scala's version.
    variables.putIfAbsent("SPARK_SCALA_VERSION", "2.13");
    variables.put("SPARK_LOCAL_DIRS", scratch.toString());
    if (options.isLocal()) {
      variables.putIfAbsent("SPARK_LOCAL_IP", THIS_MACHINE);
      variables.putIfAbsent("SPARK_WORKER_DIR", scratch.resolve("work").toString());
    }
    return builder;
  }

  /**
   * Waits for the units.
   *
   * @param replies gets one for each, in whatever order they come
   * @throws BadInputException if Spark gives up
   */
  public void forEach(Consumer<UnitReply> replies) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    try {
      while (true) {
        int kind = in.readUnsignedByte();
        in.readInt(); // the reply says itself which unit it is of
        byte[] bytes = in.readNBytes(in.readInt());
        if (kind == DONE) {
          return;
        }
        if (kind != ANSWER) {
          throw new BadInputException(
              SparkPlace.OPTION, new String(bytes, StandardCharsets.UTF_8) + goOn());
        }
        replies.accept(UnitReply.of(bytes));
      }
    } catch (EOFException e) {
      throw new BadInputException(
          SparkPlace.OPTION, "Spark's driver has ended" + status() + goOn(), e);
    } catch (IOException e) {
      throw new BadInputException(SparkPlace.OPTION, "Spark's driver: " + e.getMessage(), e);
    }
  }

  private static String goOn() {
    return "; what was answered is kept, the same command with its --out goes on";
  }

  private String status() {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          ? " with status " + process.exitValue()
          : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Ends it, whatever it does. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended by itself.
    }
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      FolderTree.delete(scratch);
    } catch (IOException e) {
      // Executors that are still ending write there; it is a temporary folder.
    }
  }
}

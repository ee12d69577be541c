package org.ssasuite.leaderboards.run.spark;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What Spark is asked to do.
 *
 * @param command of the program on executors
 * @param environment variables of it
 * @param folder in which it is started
 * @param plan the first thing that it reads
 * @param units what is to be answered, the first one first
 */
public record SparkOrder(
    List<String> command,
    Map<String, String> environment,
    String folder,
    String plan,
    List<UnitName> units) {
  /** Of what the jar for Spark reads. */
  private static final int FORM = 1;

  public SparkOrder {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(folder);
    Objects.requireNonNull(plan);
    units = List.copyOf(units);
  }

  /** Writes it as the jar for Spark reads it. */
  void write(DataOutputStream out, SparkOptions options, String jar) throws IOException {
    out.writeInt(FORM);
    write(out, options.all());
    out.writeUTF(jar);
    out.writeInt(command.size());
    for (String word : command) {
      write(out, word.getBytes(StandardCharsets.UTF_8));
    }
    write(out, environment);
    out.writeUTF(folder);
    write(out, plan.getBytes(StandardCharsets.UTF_8));
    out.writeInt(units.size());
    for (UnitName unit : units) {
      write(out, unit.bytes());
    }
    out.flush();
  }

  private static void write(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}

package org.ssasuite.spark;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the program asks of Spark.
 *
 * @param conf Spark's options, the master among them
 * @param jar these classes, for executors
 * @param work how executors start the program
 * @param units what is to be answered, the first one first
 */
record Order(Map<String, String> conf, String jar, Work work, List<byte[]> units) {
  private static final int FORM = 1;

  /**
   * Reads one.
   *
   * @throws IOException if it is none, or of another version of the program
   */
  static Order read(DataInputStream in) throws IOException {
    int form = in.readInt();
    if (form != FORM) {
      throw new IOException("an order of form " + form + ", not " + FORM);
    }
    Map<String, String> conf = map(in);
    String jar = in.readUTF();
    List<String> command = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      command.add(new String(bytes(in), Work.TEXT));
    }
    Work work = new Work(command, map(in), in.readUTF(), new String(bytes(in), Work.TEXT));
    List<byte[]> units = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      units.add(bytes(in));
    }
    return new Order(conf, jar, work, units);
  }

  private static Map<String, String> map(DataInputStream in) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = in.readInt(); i > 0; i--) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}

package org.ssasuite.spark;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How an executor starts the program, and what it is told first; the same on all of them.
 *
 * @param command of a process that reads units from its standard input and writes answers
 * @param environment variables beside the executor's own
 * @param folder in which it is started, as the driver was
 * @param plan of the run, the first thing that it reads
 */
record Work(
    ArrayList<String> command,
    LinkedHashMap<String, String> environment,
    String folder,
    String plan)
    implements Serializable {
  static final Charset TEXT = StandardCharsets.UTF_8;

  Work(List<String> command, Map<String, String> environment, String folder, String plan) {
    this(new ArrayList<>(command), new LinkedHashMap<>(environment), folder, plan);
  }
}

package org.ssasuite.tasks.ruler;

import java.util.Map;
import java.util.TreeMap;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;
import org.ssasuite.tasks.ruler.generator.RulerVersion;

/**
 * All that decides about a set of samples, but how many there are: equal keys, equal samples.
 *
 * @param tokenizer its identity
 * @param sources digests of what the task reads, by name
 * @param around tokens that stand around a sample and count too
 */
record SetKey(
    RulerTaskName.Base task,
    RulerVersion version,
    int length,
    long seed,
    String tokenizer,
    Map<String, String> sources,
    int around) {
  /** Raised when a generator is corrected, so that what it made before is not read any more. */
  private static final int GENERATION = 1;

  SetKey {
    sources = Map.copyOf(sources);
  }

  /** SHA-256 of the key's parts, in hex. */
  String digest() {
    StringBuilder parts = new StringBuilder();
    part("generation", String.valueOf(GENERATION), parts);
    part("task", task.name(), parts);
    part("version", version.text(), parts);
    part("length", String.valueOf(length), parts);
    part("seed", String.valueOf(seed), parts);
    part("tokenizer", tokenizer, parts);
    if (around > 0) {
      part("around", String.valueOf(around), parts);
    }
    new TreeMap<>(sources).forEach((name, digest) -> part("source " + name, digest, parts));
    return Digests.sha256(parts.toString());
  }

  private static void part(String name, String value, StringBuilder parts) {
    parts.append(PythonJson.dumps(name)).append(PythonJson.dumps(value)).append('\n');
  }
}

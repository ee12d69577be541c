package org.ssasuite.leaderboards.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.TaskResult;

/**
 * What must be the same for two perplexities to differ by their weights alone: protocol, data,
 * tokenizer, shape of the model, precision, rope scaling. The weights are what is gated.
 */
final class Comparability {
  private static final String TOKENIZER = "tokenizer";
  private static final List<String> FACTS = List.of("shape", "precision", "rope");

  private Comparability() {}

  /** The facts of a model's card that count, the tokenizer's digest among them. */
  static Map<String, String> facts(ModelCard card) {
    Map<String, String> facts = new TreeMap<>();
    card.facts()
        .forEach(
            (name, value) -> {
              if (FACTS.contains(name)) {
                facts.put(name, value);
              } else if (name.startsWith("sha256:tokenizer.json")) {
                facts.put(TOKENIZER, value);
              }
            });
    return facts;
  }

  /** As {@code data digest is 12ab there, 34cd here}; empty if nothing differs. */
  static List<String> differences(Baseline.Row there, TaskResult here, String metric) {
    List<String> differences = new ArrayList<>();
    compare("task", there.task().toString(), here.task().toString(), differences);
    compare("protocol", there.protocol(), here.protocol(), differences);
    compare("data digest", there.dataDigest(), here.dataDigest(), differences);
    compare("metric", there.metric(), metric, differences);
    Map<String, String> facts = facts(here.model());
    TreeSet<String> names = new TreeSet<>(there.facts().keySet());
    names.addAll(facts.keySet());
    for (String name : names) {
      compare(
          name,
          there.facts().getOrDefault(name, "not stated"),
          facts.getOrDefault(name, "not stated"),
          differences);
    }
    return differences;
  }

  private static void compare(String name, String there, String here, List<String> differences) {
    if (!Objects.equals(there, here)) {
      differences.add(name + " is " + there + " in the baseline, " + here + " in the run");
    }
  }
}

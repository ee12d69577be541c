package org.ssasuite.leaderboards.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.TaskResult;

/**
 * What must be the same for two perplexities to differ by their weights alone: protocol, data,
 * tokenizer, and all facts of the model but the digests of its files, the formats that they have
 * numbers in, the instruction set and the name of what computed, which change no answer beyond
 * rounding. The weights are what is gated.
 */
final class Comparability {
  private static final String DIGEST = "sha256:";
  private static final String TOKENIZER = "tokenizer";
  private static final Set<String> ASIDE = Set.of("isa", "device_name", "weights");

  /** Facts that cards have not always stated: where a baseline has none, it asks for none. */
  private static final Set<String> LATER = Set.of("norm_epsilon", "rotary");

  /** All that the first baselines say of a model. */
  private static final Set<String> FIRST = Set.of("shape", "precision", "rope", TOKENIZER);

  private final Baseline.Row there;
  private final boolean first;

  /**
   * Of one row.
   *
   * @param first whether it stands in a baseline of the first version
   */
  Comparability(Baseline.Row there, boolean first) {
    this.there = there;
    this.first = first;
  }

  /**
   * Something that is not the same.
   *
   * @param name as users name it
   */
  record Difference(String name, String there, String here) {
    String text() {
      return name + " is " + there + " in the baseline, " + here + " in the run";
    }
  }

  /** The facts of a model's card that count, the tokenizer's digest among them. */
  static Map<String, String> facts(ModelCard card) {
    Map<String, String> facts = new TreeMap<>();
    card.facts()
        .forEach(
            (name, value) -> {
              if (name.startsWith(DIGEST + "tokenizer.json")) {
                facts.put(TOKENIZER, value);
              } else if (!name.startsWith(DIGEST) && !ASIDE.contains(name)) {
                facts.put(name, value);
              }
            });
    return facts;
  }

  /** In the order of names; empty if nothing differs. */
  List<Difference> differences(TaskResult here, String metric) {
    List<Difference> differences = new ArrayList<>();
    compare("task", there.task().toString(), here.task().toString(), differences);
    compare("protocol", there.protocol(), here.protocol(), differences);
    compare("data digest", there.dataDigest(), here.dataDigest(), differences);
    compare("metric", there.metric(), metric, differences);
    compare("mode", there.mode(), here.model().mode(), differences);
    Map<String, String> facts = facts(here.model());
    TreeSet<String> names = new TreeSet<>(there.facts().keySet());
    names.addAll(facts.keySet());
    names.removeIf(name -> LATER.contains(name) && !there.facts().containsKey(name));
    if (first) {
      names.removeIf(name -> !FIRST.contains(name) && !there.facts().containsKey(name));
    }
    for (String name : names) {
      compare(
          name,
          there.facts().getOrDefault(name, "not stated"),
          facts.getOrDefault(name, "not stated"),
          differences);
    }
    return differences;
  }

  private static void compare(
      String name, String there, String here, List<Difference> differences) {
    if (!there.equals(here)) {
      differences.add(new Difference(name, there, here));
    }
  }
}

package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.python.PythonText;

/**
 * Which splits a benchmark reads, and what they are called in the suite's own layout.
 *
 * @param scored names that the scored split may have there
 * @param pool names that the shots' split may have there; none where it is the scored one
 * @param split the scored one; shots come from the training split
 */
record PublishedSplits(List<String> scored, List<String> pool, PublishedSet set, Split split) {
  static PublishedSplits of(String label) {
    return switch (label) {
      case "piqa" ->
          new PublishedSplits(
              List.of("piqa/valid.jsonl"),
              List.of("piqa/train.jsonl"),
              PublishedSet.PIQA,
              Split.VALIDATION);
      case "arc_easy" -> arc("Easy", PublishedSet.ARC_EASY);
      case "arc_challenge" -> arc("Challenge", PublishedSet.ARC_CHALLENGE);
      case "winogrande" ->
          new PublishedSplits(
              List.of("winogrande/dev.jsonl"),
              List.of("winogrande/train_xl.jsonl"),
              PublishedSet.WINOGRANDE,
              Split.VALIDATION);
      default ->
          new PublishedSplits(
              List.of("hellaswag/hellaswag_val.jsonl"),
              label.equals("hellaswag") ? List.of("hellaswag/hellaswag_train.jsonl") : List.of(),
              PublishedSet.HELLASWAG,
              Split.VALIDATION);
    };
  }

  private static PublishedSplits arc(String part, PublishedSet set) {
    return new PublishedSplits(arc(part, "test"), arc(part, "train"), set, Split.TEST);
  }

  /** Ours, and AI2's, whose archive has a folder for each part and writes splits with a capital. */
  static List<String> arc(String part, String split) {
    String theirs = "ARC-" + part + "-" + PythonText.capitalize(split) + ".jsonl";
    return List.of(
        "arc/ARC-" + part + "-" + split + ".jsonl",
        "arc/" + theirs,
        "arc/ARC-" + part + "/" + theirs);
  }

  /** The files of a hub's layout that are read. */
  List<String> described(HubData hub, boolean shots) {
    Stream<String> ofPool =
        shots && !pool.isEmpty() ? hub.described(pool, set, Split.TRAIN).stream() : Stream.of();
    return Stream.concat(hub.described(scored, set, split).stream(), ofPool).toList();
  }
}

package org.ssasuite.leaderboards.report.provenance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.extrapolation.SafeLength;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.runtime.endpoint.EndpointAddress;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import org.ssasuite.tasks.ruler.RulerTasks;

/** The command that does a row again, from the run's own specification. */
public final class RedoCommand {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,@=+-]+");
  private static final Map<String, String> OWN =
      Map.of(
          BosOrder.OWN, "--bos",
          ChatOrder.OWN, "--chat-template",
          ChatOrder.DATE, "--chat-date",
          RulerTasks.GENERATORS, "--version",
          RulerTasks.HAYSTACK, "--haystack",
          RulerTasks.QUESTIONS, "--qa",
          Pg19Tasks.REFERENCE, "--reference",
          Takes.LENGTHS, "--lengths",
          LengthScale.STRETCHES, "--stretches",
          SafeLength.MARGIN, "--safe-margin");

  private RedoCommand() {}

  /**
   * The command.
   *
   * @return absent for rows of before there were orders, and for tasks from a file, which the
   *     specification holds without its name
   */
  public static Optional<String> of(RunSpec spec, ReportedResult row) {
    if (row.order().isEmpty()) {
      return Optional.empty();
    }
    TaskOrder order = row.order().get();
    Map<String, List<String>> own = new TreeMap<>(order.own());
    boolean exact = own.remove(LengthScale.EXACT) != null;
    if (!OWN.keySet().containsAll(own.keySet())) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(List.of("./ssa", "run", "--model", model(spec, row)));
    if (spec.names().contains(row.model())) {
      words.addAll(List.of("--name", row.model()));
    }
    String asked = words.get(3);
    spec.serving()
        .filter(any -> EndpointAddress.is(asked))
        .ifPresent(
            serving ->
                words.addAll(
                    List.of("--served", serving.served(), "--tokenizer", serving.tokenizer())));
    words.addAll(List.of("--modes", row.mode(), "--tasks", order.task()));
    order.length().ifPresent(tokens -> words.addAll(List.of("--lengths", "" + tokens)));
    order.shots().ifPresent(shots -> words.addAll(List.of("--shots", "" + shots)));
    order.seed().ifPresent(seed -> words.addAll(List.of("--seeds", "" + seed)));
    order.limit().ifPresent(limit -> words.addAll(List.of("--limit", "" + limit)));
    own.forEach((name, values) -> words.addAll(List.of(OWN.get(name), String.join(",", values))));
    if (exact) {
      words.add("--exact-lengths");
    }
    spec.rope().ifPresent(rope -> words.addAll(List.of("--rope", rope)));
    spec.data().ifPresent(data -> words.addAll(List.of("--data", data)));
    words.addAll(List.of("--device", spec.device(), "--precision", spec.precision()));
    return Optional.of(String.join(" ", words.stream().map(RedoCommand::quoted).toList()));
  }

  /** As the user named it: a folder's last name is the model's, unless it was given one. */
  private static String model(RunSpec spec, ReportedResult row) {
    int named = spec.names().indexOf(row.model());
    if (named >= 0) {
      return spec.models().get(named);
    }
    return spec.models().stream()
        .filter(asked -> asked.equals(row.model()) || asked.endsWith("/" + row.model()))
        .findFirst()
        .orElse(row.model());
  }

  private static String quoted(String word) {
    String visible = VisibleText.of(word);
    return PLAIN.matcher(visible).matches() ? visible : "'" + visible.replace("'", "'\\''") + "'";
  }
}

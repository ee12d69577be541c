package org.ssasuite.leaderboards.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa doctor}: what works here, what is missing and how to get it. */
@Command(
    name = "doctor",
    header = "Checks this machine: what works, what is missing, how to get it.",
    description = "Ends with status 0 if all is well, 1 otherwise.",
    footer = {
      "",
      "Examples:",
      "  ssa doctor",
      "  ssa doctor --json",
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public DoctorCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new Examination(home).findings();
    console.out().print(json ? json(findings) : text(findings));
    console.requireWritten();
    boolean well = findings.stream().allMatch(Finding::well);
    return (well ? ExitStatus.DONE : ExitStatus.CHECK_SAYS_NO).code();
  }

  private static String text(List<Finding> findings) {
    int width = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(String.format(Locale.ROOT, "%-9s", finding.state()))
          .append(finding.name())
          .append(" ".repeat(width + 2 - finding.name().length()))
          .append(finding.fact())
          .append('\n');
      finding
          .remedy()
          .ifPresent(
              remedy ->
                  text.append(" ".repeat(width + 11)).append("→ ").append(remedy).append('\n'));
    }
    return text.toString();
  }

  private static String json(List<Finding> findings) {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document = mapper.createObjectNode().put("schema", "ssasuite/doctor/1");
    document.put("well", findings.stream().allMatch(Finding::well));
    ArrayNode list = document.putArray("findings");
    for (Finding finding : findings) {
      ObjectNode entry = list.addObject();
      entry.put("name", finding.name()).put("well", finding.well());
      entry.put("state", finding.state().toLowerCase(Locale.ROOT)).put("fact", finding.fact());
      finding.remedy().ifPresent(remedy -> entry.put("remedy", remedy));
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }
}

package org.ssasuite.leaderboards.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.trainer.run.TrainingAudit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa verify}: is a finished run what it says it is? */
@Command(
    name = "verify",
    header = "Counts a finished run again from its samples and checks digests.",
    description = {
      "All files are held against SHA256SUMS, every figure of results.json is computed again from",
      "the sample logs, the rows are held against the manifest, and models, data and tasks, as they",
      "are made anew, against what the run recorded of them. Of a training run: recipe, log (each",
      "step's tokens, stream and rate), checkpoints and tokens; nothing is trained again."
    },
    footer = {
      "",
      "Exit status: 0 everything agrees, 1 something differs, 3 nothing differs but something could",
      "not be checked, 2 bad input.",
      "",
      "Examples:",
      "  ssa verify runs/monday",
      "  ssa verify runs/monday --json > verification.json",
      "  ssa verify runs/trained --data shards"
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final String SCHEMA = "ssasuite/verification/1";

  private final Console console;
  private final Home home;

  @Parameters(paramLabel = "RUN", description = "Folder of a finished run.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "D",
      description =
          "Of a training run: the tokens that it was trained on, as 'ssa train --data' takes them.")
  private Path data;

  @Option(names = "--json", description = "Print the checks as JSON.")
  private boolean json;

  public VerifyCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    Verification verification = verification();
    console.out().print(json ? json(verification) : text(verification));
    console.requireWritten();
    return verification.status().code();
  }

  private Verification verification() {
    if (TrainingAudit.is(run)) {
      return TrainingVerification.of(run, Optional.ofNullable(data));
    }
    if (data != null) {
      throw new BadInputException("--data", "is for training runs, and " + run + " is none");
    }
    return Verification.of(run, home);
  }

  private static String text(Verification verification) {
    StringBuilder text = new StringBuilder();
    for (Check check : verification.checks()) {
      for (String fact : check.facts()) {
        text.append(check.outcome().words())
            .append(": ")
            .append(VisibleText.of(check.subject()))
            .append(": ")
            .append(VisibleText.of(fact))
            .append('\n');
      }
    }
    return text.toString();
  }

  private static String json(Verification verification) {
    JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    ObjectNode document = mapper.createObjectNode().put("schema", SCHEMA);
    document.put("agrees", verification.agrees());
    ArrayNode checks = document.putArray("checks");
    for (Check check : verification.checks()) {
      ObjectNode line = checks.addObject();
      line.put("subject", check.subject()).put("outcome", check.outcome().text());
      ArrayNode facts = line.putArray("facts");
      check.facts().forEach(facts::add);
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }
}

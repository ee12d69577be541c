package org.ssasuite.leaderboards.run;

import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.Serving;
import org.ssasuite.runtime.endpoint.CallPolicy;
import picocli.CommandLine.Option;

/** The model that a server computes, and how it is called. Filled by the command line. */
final class EndpointFlags {
  private static final int CONCURRENCY = 8;
  private static final int TIMEOUT_SECONDS = 600;

  @Option(
      names = "--served",
      paramLabel = "NAME",
      description =
          "What the server of --model http://HOST[:PORT]/v1 calls the model: its completions of"
              + " OpenAI's form are asked, with the key in SSA_API_KEY.")
  private String served;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder with the served model's tokenizer.json, or an embedded model.")
  private String tokenizer;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Calls of the server that are under way at once. Default: 8.")
  private Integer concurrency;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "What one call of the server may take. Default: 600.")
  private Integer timeout;

  /**
   * What is said of a server.
   *
   * @throws BadInputException if a part of it is missing
   */
  Optional<Serving> serving() {
    if (served == null) {
      refuseAlone("--tokenizer", tokenizer);
      refuseAlone("--concurrency", concurrency);
      refuseAlone("--timeout", timeout);
      return Optional.empty();
    }
    if (tokenizer == null) {
      throw new BadInputException(
          "--served " + served,
          "needs --tokenizer: a folder with the model's tokenizer.json, by which tasks count, cut"
              + " and ask");
    }
    return Optional.of(new Serving(served, tokenizer));
  }

  private static void refuseAlone(String option, Object value) {
    if (value != null) {
      throw new BadInputException(option + " " + value, "goes with --served");
    }
  }

  /** How the server is called. */
  CallPolicy policy() {
    return CallPolicy.of(
        concurrency == null ? CONCURRENCY : concurrency,
        timeout == null ? TIMEOUT_SECONDS : timeout);
  }
}

package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.runtime.endpoint.Completion;
import org.ssasuite.runtime.endpoint.CompletionRequest;
import org.ssasuite.runtime.endpoint.Prompt;
import org.ssasuite.runtime.endpoint.ServedList;
import org.ssasuite.runtime.endpoint.TokenLog;
import org.ssasuite.runtime.endpoint.TokenizeRoute;

/** Reading what servers answer; a file stands for the body of a response. */
final class EndpointReadings {
  private static final int PROMPT = 3;
  private static final int MOST = 2;

  private static final String USAGE =
      "\"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 2, \"total_tokens\": 5}";

  private static final String WRITTEN =
      "{\"id\": \"cmpl-1\", \"object\": \"text_completion\", \"created\": 1,"
          + " \"model\": \"m\", \"system_fingerprint\": \"fp\", \"choices\": [{\"text\": \" to be\","
          + " \"index\": 0, \"logprobs\": null, \"finish_reason\": \"length\"}], "
          + USAGE
          + "}";

  private static final String RATED =
      "{\"model\": \"m\", \"choices\": [{\"text\": \"a b c d\", \"finish_reason\": \"length\","
          + " \"logprobs\": {\"tokens\": [\"a\", \" b\", \" c\", \" d\", \" e\"],"
          + " \"token_logprobs\": [null, -1.5, -0.25, -0.5, -2],"
          + " \"top_logprobs\": [null, {\" x\": -1.0, \" b\": -1.5}, {\" c\": -0.25},"
          + " {\" d\": -0.5}, {\" e\": -2}], \"text_offset\": [0, 1, 3, 5, 7]}}], "
          + USAGE
          + "}";

  private EndpointReadings() {}

  static List<FuzzedReader> all() {
    return List.of(
        FuzzedReader.alone(
            "endpoint-completion",
            "completion.json",
            JsonSeed.of(WRITTEN),
            (folder, file) -> completion(file, false)),
        FuzzedReader.alone(
            "endpoint-ratings",
            "ratings.json",
            JsonSeed.of(RATED),
            (folder, file) -> completion(file, true)),
        FuzzedReader.alone(
            "endpoint-models",
            "models.json",
            JsonSeed.of("{\"data\": [{\"id\": \"m\", \"owned_by\": \"me\"}, {\"id\": \"n\"}]}"),
            (folder, file) -> models(file)),
        FuzzedReader.alone(
            "endpoint-tokens",
            "tokens.json",
            JsonSeed.of("{\"tokens\": [1, 17, 4], \"count\": 3}"),
            (folder, file) -> tokens(file)));
  }

  private static String body(Path file) {
    return DataFile.of(file).text();
  }

  /** What is believed is an answer to this request, and every number in it a log-probability. */
  private static void completion(Path file, boolean rated) {
    CompletionRequest asked =
        new CompletionRequest(
            "m", new Prompt.Ids(new int[] {5, 6, 7}), MOST, List.of(), rated, rated, true);
    Completion read = Completion.read(file.toString(), body(file), asked);
    unless(read.promptTokens() == PROMPT, read.promptTokens() + " tokens of another prompt");
    unless(read.writtenTokens() <= MOST, read.writtenTokens() + " tokens written");
    unless(read.log().isPresent() == rated, "a log that was not asked for, or none");
    read.log().ifPresent(EndpointReadings::requireNumbers);
  }

  private static void requireNumbers(TokenLog log) {
    for (int i = 0; i < log.size(); i++) {
      OptionalDouble own = log.logProbabilities().get(i);
      OptionalDouble best = log.best().get(i);
      unless(own.isPresent() == best.isPresent(), "one number of two at place " + i);
      unless(i == 0 || own.isPresent(), "no number at place " + i);
      double x = own.orElse(0);
      unless(Double.isFinite(x) && x < 0.01 && x <= best.orElse(0) + 0.01, "a number of " + x);
    }
  }

  private static void models(Path file) {
    ServedList list = ServedList.read(file.toString(), body(file));
    unless(!list.owners().containsKey(null), "a model without a name");
  }

  private static void tokens(Path file) {
    for (int id : TokenizeRoute.read(file.toString(), body(file))) {
      unless(id >= 0, "token " + id);
    }
  }
}

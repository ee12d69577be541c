package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;

/**
 * {@code ssa run --log-items}, {@code --log-prompts}: every figure is made again of what the log
 * says of single requests, by formulas that are written out here and share no line with scorers.
 */
class LoggedItemsTest {
  private static final String TASKS =
      "pg19,piqa,arc_easy,winogrande,niah_single_1,vt,pd_passage_retrieval,conformance";

  /**
   * What no item holds: what was seen beside the answers, what is over the whole vocabulary, which
   * no single token's probability gives, and the length that LongBench's item states of itself.
   */
  private static final Pattern NOT_OF_ITEMS =
      Pattern.compile(
          "needle_selected.*|kl.*|same_top.*|top10.*|.* length=[0-9k+-]*k[+]?|.* trained_.*");

  private static final int LENGTH = 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path prompts;

  @BeforeAll
  static void evaluate() {
    prompts = run("prompts", "--log-prompts");
  }

  private static Path run(String name, Object... more) {
    Path out = folder.resolve(name);
    List<Object> words =
        new ArrayList<>(List.of("run", "--model", "ssa-mini", "--modes", "sparse:16x4"));
    words.addAll(List.of("--tasks", TASKS, "--lengths", LENGTH, "--limit", 3, "--out", out));
    words.addAll(List.of(more));
    Outcome outcome = Terminal.type(words.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return out;
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  private static List<Path> logs(Path run) throws IOException {
    try (var files = Files.walk(run)) {
      return files.filter(file -> file.endsWith("samples.jsonl")).sorted().toList();
    }
  }

  private static List<JsonNode> lines(Path log) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      lines.add(json(line));
    }
    return lines;
  }

  @Test
  void withoutThemNoByteOfALogIsAnother() throws IOException {
    Path plain = run("plain");
    Path items = run("items", "--log-items");
    for (Path log : logs(plain)) {
      String place = plain.relativize(log).toString();
      for (Path other : List.of(items, prompts)) {
        List<JsonNode> stripped = lines(other.resolve(place));
        stripped.forEach(
            line -> ((ObjectNode) line).remove(List.of("items", "expected", "needles")));
        assertThat(stripped).isEqualTo(lines(log));
        assertThat(Files.readString(log)).doesNotContain("\"items\"");
      }
    }
    assertThat(Files.readString(plain.resolve("manifest.json"))).doesNotContain("\"items\"");
  }

  @Test
  void aRunWithThemIsVerified() {
    Outcome outcome = Terminal.type("verify", prompts);

    assertThat(outcome.status()).as(outcome.out()).isZero();
  }

  @Test
  void theReportShowsWhatTheLogKeeps() throws IOException {
    assertThat(Files.readString(prompts.resolve("report.html")))
        .contains("[\"Prompt's end\",", "[\"Expected\",", "[\"Answer as written\",")
        .contains("[\"Choice 0\",", "[\"Needle 1\",", "[\"Blocks chosen\",")
        .contains("characters ", "of the prompt");
  }

  @Test
  void answersAloneKeepNoPrompt() throws IOException {
    for (Path log : logs(run("answers", "--log-items"))) {
      assertThat(Files.readString(log)).doesNotContain("\"prompt\":").contains("\"items\"");
    }
  }

  @Test
  void everyFigureFollowsFromSingleItems() throws IOException {
    JsonNode results = json(Files.readString(prompts.resolve("results.json"))).required("results");
    int figures = 0;
    for (JsonNode row : results) {
      String task = row.required("task").required("name").textValue();
      Map<String, double[]> sums = new TreeMap<>();
      for (JsonNode line :
          lines(prompts.resolve("ssa-mini/sparse-16x4/" + task + "/samples.jsonl"))) {
        measure(line, task, sums);
      }
      for (JsonNode metric : row.required("metrics")) {
        String name = metric.required("metric").textValue() + facet(metric.required("facet"));
        if (NOT_OF_ITEMS.matcher(name).matches()) {
          continue;
        }
        assertThat(sums).as(task).containsKey(name);
        double[] sum = sums.get(name);
        double value = transformed(sum[0] / sum[1], metric.required("transform").textValue());
        double stated = metric.required("value").doubleValue();
        assertThat(value)
            .as(task + " " + name)
            .isCloseTo(stated, within(1e-9 * Math.abs(stated) + 1e-12));
        figures++;
      }
    }
    assertThat(figures).isGreaterThanOrEqualTo(40);
  }

  private static String facet(JsonNode facet) {
    return facet.isNull()
        ? ""
        : slice(facet.required("name").textValue(), facet.required("value").textValue());
  }

  private static String slice(String name, String value) {
    return " " + name + "=" + value;
  }

  private static double transformed(double mean, String transform) {
    return switch (transform) {
      case "percent" -> 100 * mean;
      case "exp" -> Math.exp(mean);
      case "bits" -> mean / Math.log(2);
      default -> mean;
    };
  }

  private static void add(Map<String, double[]> sums, String metric, double value, double weight) {
    double[] sum = sums.computeIfAbsent(metric, any -> new double[2]);
    sum[0] += value;
    sum[1] += weight;
  }

  private static void measure(JsonNode line, String task, Map<String, double[]> sums) {
    JsonNode items = line.required("items");
    if (task.startsWith("pd_passage")) {
      passage(line, sums);
    } else if (items.get(0).has("answer")) {
      answer(line, sums);
    } else if (items.get(0).has("continuation")) {
      choices(line, task, sums);
    } else if (items.get(0).has("reference_logprobs")) {
      JsonNode reference = items.get(0).required("reference_logprobs");
      JsonNode own = items.get(0).required("logprobs");
      for (int i = 0; i < own.size(); i++) {
        double difference = reference.get(i).doubleValue() - own.get(i).doubleValue();
        add(sums, "loss_difference", difference, 1);
        // Of the first 1,024 tokens, of which the first has no probability.
        if (own.size() >= LENGTH - 1 && i < LENGTH - 1) {
          add(sums, "loss_difference" + slice("position", "(0, 1024]"), difference, 1);
        }
      }
    } else {
      loss(items.get(0), sums);
    }
  }

  /** Tokens of a document have fp32's digits. */
  private static double single(JsonNode value) {
    return Float.parseFloat(value.asText());
  }

  private static void loss(JsonNode item, Map<String, double[]> sums) {
    double nats = 0;
    for (JsonNode value : item.required("logprobs")) {
      nats -= single(value);
    }
    byte[] read = item.required("prompt").textValue().getBytes(StandardCharsets.UTF_8);
    int bytes = item.required("bytes").intValue();
    String rated = new String(read, read.length - bytes, bytes, StandardCharsets.UTF_8);
    add(sums, "word_perplexity", nats, rated.strip().split("\\s+").length);
    add(sums, "byte_perplexity", nats, bytes);
    add(sums, "bits_per_byte", nats, bytes);
    add(sums, "token_nats", nats, item.required("logprobs").size());
    if (item.required("logprobs").size() >= LENGTH - 1) {
      double first = 0;
      for (int i = 0; i < LENGTH - 1; i++) {
        first -= single(item.required("logprobs").get(i));
      }
      add(sums, "token_nats" + slice("position", "(0, 1024]"), first, LENGTH - 1.0);
      add(sums, "token_nats" + slice("prefix", "1024"), first, LENGTH - 1.0);
    }
  }

  private static void answer(JsonNode line, Map<String, double[]> sums) {
    String written = line.required("items").get(0).required("answer").textValue();
    JsonNode expected = line.required("expected");
    double found = 0;
    for (int i = 0; i < expected.size(); i++) {
      String wanted = expected.get(i).textValue().toLowerCase(Locale.ROOT);
      int holds = written.toLowerCase(Locale.ROOT).contains(wanted) ? 1 : 0;
      found += holds;
      if (line.path("needles").has(i)) {
        int depth = line.required("needles").get(i).required("depth").intValue();
        String tenth = 10 * depth + "-" + 10 * (depth + 1) + "%";
        add(sums, "string_match_all" + slice("depth", tenth), holds, 1);
      }
    }
    add(sums, "string_match_all", found / expected.size(), 1);
    add(sums, "string_match_all" + slice("length", "1024"), found / expected.size(), 1);
    add(sums, "nulls", written.isBlank() ? 1 : 0, 1);
  }

  /** LongBench's retrieval_score: of the numbers that were written the share of the right one. */
  private static void passage(JsonNode line, Map<String, double[]> sums) {
    String right = line.required("expected").get(0).textValue().replaceAll("[^0-9]", "");
    String written = line.required("items").get(0).required("answer").textValue();
    List<String> numbers =
        Pattern.compile("[0-9]+").matcher(written).results().map(MatchResult::group).toList();
    double share =
        numbers.isEmpty()
            ? 0
            : numbers.stream().filter(right::equals).count() / (double) numbers.size();
    String metric = "retrieval";
    add(sums, metric, share, 1);
    boolean cut = line.required("cut_tokens").longValue() > 0;
    add(sums, metric + slice("prompt", cut ? "cut" : "whole"), share, 1);
  }

  private static void choices(JsonNode line, String task, Map<String, double[]> sums) {
    JsonNode items = line.required("items");
    String expected = line.required("expected").get(0).textValue();
    int gold = -1;
    for (int i = 0; i < items.size(); i++) {
      String choice =
          task.startsWith("winogrande")
              ? items.get(i).required("prompt").textValue()
              : items.get(i).required("continuation").textValue();
      gold = choice.endsWith(expected) && gold < 0 ? i : gold;
    }
    assertThat(gold).as(expected).isNotNegative();
    add(sums, "acc", best(items, "") == gold ? 1 : 0, 1);
    add(sums, "acc_norm", best(items, "characters") == gold ? 1 : 0, 1);
    add(sums, "acc_bytes", best(items, "bytes") == gold ? 1 : 0, 1);
    add(sums, "acc_tokens", best(items, "tokens") == gold ? 1 : 0, 1);
    String headline = task.startsWith("winogrande") ? "" : "characters";
    int first = best(items, headline);
    boolean tied = false;
    for (int i = first + 1; i < items.size(); i++) {
      tied |= normed(items.get(i), headline) == normed(items.get(first), headline);
    }
    add(sums, "ties", tied ? 1 : 0, 1);
    JsonNode right = items.get(gold);
    double bytes = right.required("bytes").doubleValue();
    add(sums, "gold_nats_per_byte", -right.required("logprob").doubleValue(), bytes);
    boolean moved = false;
    for (JsonNode item : items) {
      moved |= item.required("boundary_moved").booleanValue();
    }
    add(sums, "boundary_moved", moved ? 1 : 0, 1);
  }

  private static int best(JsonNode items, String per) {
    int best = 0;
    for (int i = 1; i < items.size(); i++) {
      best = normed(items.get(i), per) > normed(items.get(best), per) ? i : best;
    }
    return best;
  }

  private static double normed(JsonNode item, String per) {
    double value = item.required("logprob").doubleValue();
    // The space that leads a continuation is no part of the choice's length.
    String choice = item.required("continuation").textValue().substring(1);
    return switch (per) {
      case "characters" -> value / choice.codePointCount(0, choice.length());
      case "bytes" -> value / choice.getBytes(StandardCharsets.UTF_8).length;
      case "tokens" -> value / item.required("tokens").doubleValue();
      default -> value;
    };
  }
}

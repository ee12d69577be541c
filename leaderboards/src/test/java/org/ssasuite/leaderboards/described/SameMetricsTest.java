package org.ssasuite.leaderboards.described;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;
import org.ssasuite.leaderboards.task.TaskModules;

/** Predictions of every worth, scored by LongBench's tasks and by descriptors of them. */
class SameMetricsTest {
  private static final List<String> PREDICTIONS =
      List.of(
          "by the river",
          "\n\nThe house stood by a river.\nIt was old.",
          "# a comment\nint house = river(7);\n",
          "The house. The river. The house stood by the river for years.",
          "",
          "nothing of this kind");

  private static final List<String> ANSWERS =
      List.of("by the river", "int house = river(8);", "The house stood. It was by the river.");

  @TempDir Path data;

  private static Task<?> task(String name, Path data) {
    Supplies supplies = Supplies.of(data, data.resolve("cache"));
    TaskOffer offer = TaskModules.catalogue().offer(name);
    TaskOrder order = offer.completed(TaskOrder.of(name), supplies);
    return offer.make(order, Variant.NONE, supplies);
  }

  /** [predictions] the headline's value. */
  private static <S extends Sample> List<Double> values(Task<S> task) {
    List<S> samples = task.samples().toList();
    return IntStream.range(0, samples.size())
        .mapToObj(i -> task.score(samples.get(i), List.of(written(PREDICTIONS.get(i)))))
        .map(score -> ((Scored) score).measures().get(0).value())
        .toList();
  }

  private static Response written(String text) {
    return new Generation(text, 3, ContextFit.whole(9), Optional.empty());
  }

  private static <S extends Sample> List<?> requests(Task<S> task) {
    return task.samples().map(task::requests).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "multi_news | rouge_l | whole | 512 | You are given several news passages. Write a one-page"
            + " summary of all news. \\n\\nNews:\\n{context}\\n\\nNow, write a one-page summary of"
            + " all the news.\\n\\nSummary:",
        "lcc | code_similarity | whole | 64 | Please complete the code given below. \\n{context}Next"
            + " line of code:\\n",
        "triviaqa | token_f1 | first_line | 32 | Answer the question based on the given passage."
            + " Only give me the answer and do not output any other words. The following are some"
            + " examples.\\n\\n{context}\\n\\n{input}",
      })
  void aDescriptorScoresAsTheTaskDoes(
      String set, String metric, String take, int newTokens, String prompt) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < PREDICTIONS.size(); i++) {
      rows.append(
          """
          {"input": "Where, %d?", "context": "The house.", "answers": ["%s", "%s"], \
          "all_classes": null, "length": 2}
          """
              .formatted(i, ANSWERS.get(i % 3), ANSWERS.get((i + 1) % 3)));
    }
    Files.createDirectories(data.resolve("longbench"));
    Files.writeString(data.resolve("longbench/" + set + ".jsonl"), rows);
    Path descriptor =
        Files.writeString(
            data.resolve("own.json"),
            """
            {"schema": "ssasuite/task/1", "name": "own", "version": 1,
             "data": "longbench/%s.jsonl",
             "generate": {"prompt": "%s", "answers": "answers", "metric": "%s", "take": "%s",
                          "max_tokens": %d, "truncation": {"cut": "middle", "tokens": 7500}}}
            """
                .formatted(set, prompt, metric, take, newTokens));

    Task<?> own = task(descriptor.toString(), data);
    Task<?> other = task(set, data);

    assertThat(requests(own)).isEqualTo(requests(other));
    assertThat(values(own)).isEqualTo(values(other)).anyMatch(value -> value > 0 && value < 1);
  }
}

package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.OracleModel.Answer;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.tasks.longbench.text.PackedText;
import org.ssasuite.tasks.longbench.v2.LetterAnswer;
import org.ssasuite.tasks.longbench.v2.V2Item;
import org.ssasuite.tasks.longbench.v2.V2Task;

class V2Test {
  @TempDir Path folder;

  @BeforeEach
  void makeUp() throws IOException {
    Files.createDirectories(folder.resolve("longbench_v2"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines.append(
          """
          {"_id": "r%d", "domain": "Code", "difficulty": "%s", "length": "short", \
          "question": " What of $Q$? ", "choice_A": "a ", "choice_B": "b", "choice_C": "c", \
          "choice_D": "d", "answer": "%s", "context": "\\nThe $Q$ document %d.\\n"}
          """
              .formatted(i, i < 2 ? "easy" : "hard", "ABCD".charAt(i), i));
    }
    Files.writeString(folder.resolve("longbench_v2/short.jsonl"), lines);
  }

  private V2Task task(String name) {
    return (V2Task) Made.task(name, folder);
  }

  private TaskResult run(V2Task task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run-" + model.card().name()));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0shot, 68a162252bc9ff71",
    "0shot_cot, 6cc33d92fd8f6116",
    "0shot_cot_ans, 85ec59df4ac0e27a",
    "0shot_no_context, 125fb44183af01ff",
    "0shot_rag, 5c50ce4fa24d297b",
  })
  void templateIsUpstreams(String name, String digest) {
    assertThat(Digests.sha256(PackedText.whole("prompts/v2/" + name + ".txt"))).startsWith(digest);
  }

  @Test
  void placeholdersInTheDocumentAreFilledLikeInTheReference() {
    Generate request = (Generate) task("longbench_v2").requests(first()).get(0);

    assertThat(request.prompt())
        .contains("<text>\nThe What of $Q$? document 0.\n</text>")
        .contains("this question: What of $Q$?\nChoices:\n(A) a\n(B) b\n");
    assertThat(request.truncation()).isEqualTo(new Truncation.MiddleTogether(7500));
  }

  private V2Item first() {
    return task("longbench_v2").samples().findFirst().orElseThrow();
  }

  @Test
  void reasoningGoesIntoASecondPromptWithoutTheDocument() {
    V2Task task = task("longbench_v2_cot");
    Generate request = (Generate) task.requests(first()).get(0);
    Generate second = (Generate) task.next(first(), List.of(written(" Because \n"))).get(0);

    assertThat(request.maxTokens()).isEqualTo(1024);
    assertThat(request.prompt()).contains("document 0").endsWith("Let’s think step by step:");
    assertThat(second.maxTokens()).isEqualTo(128);
    assertThat(second.prompt())
        .contains("too long and omitted")
        .contains("Let’s think step by step: Because\n\nBased on the above")
        .doesNotContain("document 0");
  }

  @Test
  void nothingIsAskedBehindAnEmptyReasoningOrTheAnswer() {
    V2Task task = task("longbench_v2_cot");

    assertThat(task.next(first(), List.of(written("")))).isEmpty();
    assertThat(task.next(first(), List.of(written("a"), written("b")))).isEmpty();
    assertThat(task("longbench_v2").next(first(), List.of(written("a")))).isEmpty();
  }

  private static Generation written(String text) {
    return new Generation(text, 1, ContextFit.whole(1), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "**The correct answer is (B)** | 1",
        "The correct answer is A. No: The correct answer is (C) | 2",
        "The correct answer is Dublin | 3",
        "the correct answer is (B) | -1",
        "The correct answer is (E) | -1",
        "B | -1",
      })
  void theLetterIsTheReferences(String response, int letter) {
    assertThat(LetterAnswer.of(response))
        .isEqualTo(letter < 0 ? OptionalInt.empty() : OptionalInt.of(letter));
  }

  @ParameterizedTest
  @CsvSource({"longbench_v2", "longbench_v2_cot"})
  void oracleReachesTheCeiling(String name) {
    V2Task task = task(name);
    List<Answer> answers =
        task.samples()
            .flatMap(
                item -> {
                  Generate asked = (Generate) task.requests(item).get(0);
                  String right = "The correct answer is (" + "ABCD".charAt(item.answer()) + ")";
                  String thought = "thought " + item.id();
                  List<Request<?>> next = task.next(item, List.of(written(thought)));
                  return next.isEmpty()
                      ? Stream.of(new Answer(asked.prompt(), right))
                      : Stream.of(
                          new Answer(asked.prompt(), thought),
                          new Answer(((Generate) next.get(0)).prompt(), right));
                })
            .toList();

    TaskResult result = run(task, new OracleModel(answers));

    assertThat(result.metrics()).extracting(MetricResult::value).containsOnly(100.0);
    assertThat(result.samples()).isEqualTo(4);
  }

  @Test
  void logLikelihoodOfTheRightLetterReachesTheCeilingAndAUniformModelChance() {
    V2Task task = task("longbench_v2_ll");
    List<Answer> answers =
        task.samples()
            .map(
                item -> {
                  RateContinuation right =
                      (RateContinuation) task.requests(item).get(item.answer());
                  return new Answer(right.context(), right.continuation());
                })
            .toList();

    assertThat(run(task, new OracleModel(answers)).metrics().get(0).value()).isEqualTo(100);
    TaskResult uniform = run(task, new UniformModel(256));
    assertThat(uniform.metrics().get(0).value()).isEqualTo(25);
    assertThat(uniform.chance()).hasValue(25);
  }

  @Test
  void emptyResponsesAreLeftOutAndNotWrong() {
    TaskResult result = run(task("longbench_v2"), new SilentModel());

    assertThat(result.unscored()).isEqualTo(4);
    assertThat(result.samples()).isZero();
  }

  @Test
  void piecesThatWereRetrievedStandForTheDocument() throws IOException {
    assertThatThrownBy(() -> task("longbench_v2_rag"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("retrieved_context");
    Path file = folder.resolve("longbench_v2/short.jsonl");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "\"context\"",
                "\"retrieved_context\": [{\"content\": \"two\", \"c_idx\": 9},"
                    + " {\"content\": \"one\", \"c_idx\": 3}], \"context\""));

    List<Request<?>> requests = task("longbench_v2_rag").requests(first());

    assertThat(((Generate) requests.get(0)).prompt())
        .contains("<text>\nRetrieved chunk 1: one\n\nRetrieved chunk 2: two\n</text>");
    assertThat(first().retrieved())
        .isEqualTo(Optional.of(List.of("Retrieved chunk 1: one", "Retrieved chunk 2: two")));
  }

  @Test
  void anAnswerThatIsNoLetterIsNamed() throws IOException {
    Path file = folder.resolve("longbench_v2/short.jsonl");
    Files.writeString(
        file, Files.readString(file).replace("\"answer\": \"C\"", "\"answer\": \"AB\""));

    assertThatThrownBy(() -> task("longbench_v2"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 3: field 'answer' is none of A, B, C, D");
  }

  @Test
  void anIdThatIsThereTwiceIsNamed() throws IOException {
    Path file = folder.resolve("longbench_v2/short.jsonl");
    Files.writeString(file, Files.readString(file).replace("\"r3\"", "\"r1\""));

    assertThatThrownBy(() -> task("longbench_v2"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 4: _id r1 is there already");
  }
}

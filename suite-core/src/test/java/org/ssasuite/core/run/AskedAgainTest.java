package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.testing.LikeToys;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

class AskedAgainTest {
  private static final FollowUp SURE = new FollowUp("You said ", ". Sure?", 2);

  @TempDir Path folder;

  /** Toys that are asked whether they are sure. */
  private record Doubting(Optional<FollowUp> said) implements LikeToys {
    @Override
    public ToyTask toys() {
      return ToyTask.of(2);
    }

    @Override
    public Optional<FollowUp> followUp(ToySample sample) {
      return said;
    }

    @Override
    public List<Request<?>> next(ToySample sample, List<Response> responses) {
      Generate first = (Generate) requests(sample).get(0);
      String written = ((Generation) responses.get(0)).text();
      return responses.size() > 1 ? List.of() : List.of(SURE.after(first, written));
    }

    @Override
    public Score score(ToySample sample, List<Response> responses) {
      return toys().score(sample, responses.subList(1, 2));
    }
  }

  private final List<String> prompts = new ArrayList<>();

  /** Repeats the question's end first, and says 0 then. */
  private Generation answered(Request<?> request, Optional<String> failure) {
    String prompt = ((Generate) request).prompt();
    prompts.add(prompt);
    String text = prompt.startsWith("You") ? "0" : " " + prompt.substring(4) + "\n";
    return new Generation(text, 3, new ContextFit(7, 5), Optional.empty(), failure);
  }

  private TaskResult run(Optional<FollowUp> said, Optional<String> failure) {
    ScriptedModel model = new ScriptedModel(request -> answered(request, failure));
    try (RunFolder run = RunFolder.create(folder);
        SampleLog log = run.samples(model.card(), ToyTask.of(2).id())) {
      return TaskRunner.run(
          new Doubting(said), model, OptionalInt.empty(), 2, log, Progress.silent());
    }
  }

  private List<SampleRecord> kept() {
    ScriptedModel model = new ScriptedModel(request -> null);
    return RunFolder.readSamples(folder, model.card(), ToyTask.of(2).id());
  }

  @Test
  void whatWasWrittenGoesIntoTheSecondQuestion() {
    run(Optional.of(SURE), Optional.empty());

    assertThat(prompts)
        .containsExactly("2 * 0 =", "2 * 1 =", "You said 0 =. Sure?", "You said 1 =. Sure?");
  }

  @Test
  void scoreIsOfTheSecondAnswer() {
    assertThat(run(Optional.of(SURE), Optional.empty()).metrics().get(0).value()).isEqualTo(50);
  }

  @Test
  void tokensAreThoseOfBothQuestions() {
    TaskResult result = run(Optional.of(SURE), Optional.empty());

    assertThat(result.tokens()).isEqualTo(2 * (5 + 5));
    assertThat(result.cutTokens()).isEqualTo(2 * (2 + 2));
  }

  @Test
  void digestIsOfTheFirstQuestionAndOfWhatFollows() {
    run(Optional.of(SURE), Optional.empty());

    assertThat(kept().get(1).requests())
        .containsExactly(
            Digests.sha256(
                "{\"kind\":\"generate\",\"prompt\":\"2 * 1 =\",\"max_tokens\":4,\"stops\":[\"\\n\"],"
                    + "\"follow_up\":{\"before\":\"You said \",\"behind\":\". Sure?\","
                    + "\"max_tokens\":2},\"observe\":[]}"));
  }

  @Test
  void nothingIsAskedWhereTheFirstAnswerFailed() {
    TaskResult result = run(Optional.of(SURE), Optional.of("the logits are not finite"));

    assertThat(prompts).hasSize(2);
    assertThat(result.unscored()).isEqualTo(2);
  }

  @Test
  void askingWhatNoDigestSpeaksOfIsABug() {
    assertThatThrownBy(() -> run(Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "sample toy-0 of task toys/doubling@1 asks again, which no digest of its requests speaks of");
  }
}

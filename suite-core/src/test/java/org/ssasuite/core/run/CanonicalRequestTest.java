package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.task.FollowUp;

class CanonicalRequestTest {
  private static Generate generate(Truncation truncation, EndTokens ends) {
    return new Generate("2 * 3 =", 4, List.of("\n"), Observe.nothing(), truncation, ends);
  }

  private static String canonical(Request<?> request) {
    return RunJson.canonical(request, Optional.empty());
  }

  @Test
  void aWholePromptWithTheModelsEndsIsAsItAlwaysWas() {
    String text =
        "{\"kind\":\"generate\",\"prompt\":\"2 * 3 =\",\"max_tokens\":4,\"stops\":[\"\\n\"],"
            + "\"observe\":[]}";

    assertThat(canonical(generate(new Truncation.Whole(), EndTokens.ofModel()))).isEqualTo(text);
    assertThat(canonical(new Generate("2 * 3 =", 4, List.of("\n"), Observe.nothing())))
        .isEqualTo(text);
  }

  @Test
  void whatIsCutIsPartOfTheRequest() {
    assertThat(canonical(generate(new Truncation.Middle(7500), EndTokens.ofModel())))
        .contains("\"stops\":[\"\\n\"],\"truncation\":\"middle:7500\",\"observe\"");
    assertThat(canonical(generate(new Truncation.Left(8064), EndTokens.ofModel())))
        .contains("\"truncation\":\"left:8064\"");
  }

  @Test
  void whatEndsItIsPartOfTheRequest() {
    EndTokens ends = new EndTokens(1, List.of("\n"));

    assertThat(canonical(generate(new Truncation.Whole(), ends)))
        .contains("\"least_tokens\":1,\"ends_at_last_token_of\":[\"\\n\"],\"observe\"");
  }

  @Test
  void aSecondPromptIsPartOfTheRequest() {
    Generate request =
        new Generate(
            "why?",
            4,
            List.of(),
            Observe.nothing(),
            new Truncation.MiddleTogether(9),
            EndTokens.ofModel());

    assertThat(RunJson.canonical(request, Optional.of(new FollowUp("so: ", "?", 2))))
        .contains(
            "\"truncation\":\"middle-together:9\",\"follow_up\":{\"before\":\"so: \",\"behind\":\"?\",\"max_tokens\":2},\"observe\"");
  }

  @Test
  void aWholeContextIsAsItAlwaysWas() {
    assertThat(canonical(new RateContinuation("a", "b", Observe.nothing())))
        .isEqualTo(
            "{\"kind\":\"rate_continuation\",\"context\":\"a\",\"continuation\":\"b\",\"observe\":[]}");
    assertThat(canonical(new RateContinuation("a", "b", Observe.nothing(), new Truncation.Left(5))))
        .contains("\"truncation\":\"left:5\"");
  }
}

package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Truncation;

class CanonicalRequestTest {
  private static Generate generate(Truncation truncation, EndTokens ends) {
    return new Generate("2 * 3 =", 4, List.of("\n"), Observe.nothing(), truncation, ends);
  }

  @Test
  void aWholePromptWithTheModelsEndsIsAsItAlwaysWas() {
    String text =
        "{\"kind\":\"generate\",\"prompt\":\"2 * 3 =\",\"max_tokens\":4,\"stops\":[\"\\n\"],"
            + "\"observe\":[]}";

    assertThat(RunJson.canonical(generate(new Truncation.Whole(), EndTokens.ofModel())))
        .isEqualTo(text);
    assertThat(RunJson.canonical(new Generate("2 * 3 =", 4, List.of("\n"), Observe.nothing())))
        .isEqualTo(text);
  }

  @Test
  void whatIsCutIsPartOfTheRequest() {
    assertThat(RunJson.canonical(generate(new Truncation.Middle(7500), EndTokens.ofModel())))
        .contains("\"stops\":[\"\\n\"],\"truncation\":\"middle:7500\",\"observe\"");
    assertThat(RunJson.canonical(generate(new Truncation.Left(8064), EndTokens.ofModel())))
        .contains("\"truncation\":\"left:8064\"");
  }

  @Test
  void whatEndsItIsPartOfTheRequest() {
    EndTokens ends = new EndTokens(1, List.of("\n"));

    assertThat(RunJson.canonical(generate(new Truncation.Whole(), ends)))
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
            EndTokens.ofModel(),
            Optional.of(new Generate.FollowUp("so: ", "?", 2)));

    assertThat(RunJson.canonical(request))
        .contains("\"truncation\":\"middle-together:9\"")
        .contains("\"follow_up\":{\"before\":\"so: \",\"behind\":\"?\",\"max_tokens\":2}");
  }

  @Test
  void aWholeContextIsAsItAlwaysWas() {
    assertThat(RunJson.canonical(new RateContinuation("a", "b", Observe.nothing())))
        .isEqualTo(
            "{\"kind\":\"rate_continuation\",\"context\":\"a\",\"continuation\":\"b\",\"observe\":[]}");
    assertThat(
            RunJson.canonical(
                new RateContinuation("a", "b", Observe.nothing(), new Truncation.Left(5))))
        .contains("\"truncation\":\"left:5\"");
  }
}

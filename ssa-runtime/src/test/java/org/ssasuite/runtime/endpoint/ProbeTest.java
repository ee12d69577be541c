package org.ssasuite.runtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.endpoint.PretendedModel.Trait;

class ProbeTest {
  private static final int[] IDS = "a quick fox".chars().toArray();
  private static final CallPolicy POLICY =
      new CallPolicy(1, Duration.ofSeconds(5), 2, Duration.ofMillis(5), Duration.ofSeconds(1));

  private static List<String> texts(int[] ids) {
    return List.of(new String(ids, 0, ids.length));
  }

  private static Abilities probe(String served, Trait... traits) {
    try (ScriptedServer server = new ScriptedServer(new PretendedModel(traits))) {
      return Probe.of(server.address(), served, Optional.empty(), POLICY, IDS, ProbeTest::texts);
    }
  }

  private static Abilities probe(Trait... traits) {
    return probe("m", traits);
  }

  private static void refuses(String fact, Trait... traits) {
    assertThatThrownBy(() -> probe(traits))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith("endpoint http://127.0.0.1:")
        .contains(fact);
  }

  @Test
  void aServerThatCanEverythingSaysSoOfItself() {
    assertThat(probe().facts())
        .containsOnly(
            Map.entry("prompts", "token ids"),
            Map.entry("greedy", "temperature 0, penalties off"),
            Map.entry("ratings", "echo with logprobs"),
            Map.entry("owned_by", "me"));
  }

  @Test
  void parametersThatAServerDoesNotKnowAreLeftOut() {
    assertThat(probe(Trait.STRICT).facts())
        .containsEntry("greedy", "temperature 0, the server's penalties");
  }

  @Test
  void aServerOfTextsIsTakenWhereItShowsHowItReadsThem() {
    assertThat(probe(Trait.TEXTS).texts()).contains(TokenizeRoute.EXTRAS);
  }

  @Test
  void aTokenBeforeEachTextIsSeen() {
    assertThat(probe(Trait.TEXTS, Trait.LEADS).texts()).contains(TokenizeRoute.EXTRAS);
  }

  @Test
  void aServerOfTextsThatDoesNotShowHowItReadsThemIsRefused() {
    refuses(
        "takes no token ids as prompts, and does not show how it reads texts: answers HTTP 422: a"
            + " string is needed",
        Trait.TEXTS,
        Trait.SECRETIVE);
  }

  @Test
  void aServerThatReadsTextsOtherwiseIsRefused() {
    refuses("reads texts otherwise than the folder's tokenizer", Trait.TEXTS, Trait.OTHERWISE);
  }

  @Test
  void aServerWithoutLogProbabilitiesWritesAllTheSame() {
    Abilities abilities = probe(Trait.NO_LOGS);

    assertThat(abilities.noRatings()).contains("HTTP 500: started without logits_all");
    assertThat(abilities.noLog()).isPresent();
    assertThat(abilities.facts()).containsEntry("ratings", "none");
  }

  @Test
  void anEchoThatIsNoneIsNoRating() {
    assertThat(probe(Trait.NO_ECHO).noRatings()).contains("rates 1 tokens of a prompt of 11");
  }

  @Test
  void ratingsOfOtherTokensAreNone() {
    assertThat(probe(Trait.SHIFTED).noRatings())
        .contains("its log-probabilities are not of the tokens that they stand beside");
  }

  @Test
  void aServerThatIsNotGreedyIsRefused() {
    refuses("writes another token than the most probable one at temperature 0", Trait.DRAWS);
  }

  @Test
  void aPromptThatIsCutWithoutAWordIsRefused() {
    refuses("read 10 tokens of a prompt of 11", Trait.CUTS);
  }

  @Test
  void aModelThatIsNotServedIsRefused() {
    assertThatThrownBy(() -> probe("n"))
        .hasMessageContaining("serves no model 'n', but m; did you mean m?");
  }

  @Test
  void aServerWithoutAListShowsByItsAnswersWhatItServes() {
    assertThat(probe(Trait.UNLISTED).owner()).isEmpty();
    assertThatThrownBy(() -> probe("n", Trait.UNLISTED))
        .hasMessageContaining("answers as model m, and was asked for n");
  }

  @Test
  void aServerThatWantsAKeyIsOneLine() {
    refuses("wants a key, in SSA_API_KEY: HTTP 401: no key", Trait.CLOSED);
  }

  @Test
  void eachTextIsHeldAgainstTheIdsThatAreMeant() {
    try (ScriptedServer server = new ScriptedServer(new PretendedModel(Trait.TEXTS, Trait.LEADS))) {
      Abilities abilities =
          Probe.of(server.address(), "m", Optional.empty(), POLICY, IDS, ProbeTest::texts);
      Endpoint endpoint =
          new Endpoint(
              server.address(), "m", Optional.empty(), POLICY, abilities, ProbeTest::behindLead);

      assertThat(endpoint.prompt(new int[] {1, 'x'})).isEqualTo(new Prompt.Text("x", 2));
      assertThatThrownBy(() -> endpoint.prompt(new int[] {'x'}))
          .hasMessageContaining(
              "reads one of 1 tokens otherwise: token 1 at place 0, not token 120");
    }
  }

  /** As a tokenizer's decoder passes over special tokens. */
  private static List<String> behindLead(int[] ids) {
    return List.of(ids[0] == 1 ? new String(ids, 1, ids.length - 1) : texts(ids).get(0));
  }
}

package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.testing.ToyChat;

class ProtocolTest {
  private static final LongBenchItem ITEM =
      new LongBenchItem(0, "what?", "line 1\nline 2", List.of("it"), List.of(), 100);

  private static Generate request(DataSet set, Protocol protocol) {
    return Question.of(set, protocol, 7500, Optional.empty()).request(ITEM);
  }

  @Test
  void upstreamCutsTheMiddleAndStopsAtNothing() {
    Generate request = request(DataSet.TREC, Protocol.ORIGINAL);

    assertThat(request.truncation()).isEqualTo(new Truncation.Middle(7500));
    assertThat(request.stops()).isEmpty();
    assertThat(request.maxTokens()).isEqualTo(64);
  }

  @Test
  void onlySamsumEndsAtALineFeedAndNeverAtOnce() {
    for (DataSet set : DataSet.values()) {
      assertThat(request(set, Protocol.ORIGINAL).ends())
          .isEqualTo(set == DataSet.SAMSUM ? new EndTokens(1, List.of("\n")) : EndTokens.ofModel());
    }
  }

  @Test
  void theHarnessHasABackslashWhereUpstreamHasALineFeed() {
    assertThat(request(DataSet.QASPER, Protocol.LM_EVAL).prompt())
        .contains("Article: line 1\nline 2\\n\\n Answer the question")
        .endsWith("\\n\\nQuestion: what?\\n\\nAnswer:");
    assertThat(request(DataSet.QASPER, Protocol.LM_EVAL_FIXED).prompt())
        .isEqualTo(request(DataSet.QASPER, Protocol.ORIGINAL).prompt());
  }

  @Test
  void theHarnessCutsFromTheLeftAndLeavesRoomForTheAnswer() {
    assertThat(request(DataSet.GOV_REPORT, Protocol.LM_EVAL_FIXED).truncation())
        .isEqualTo(new Truncation.Left(7500 - 512));
  }

  @Test
  void theHarnessStopsFewShotSetsAtALineFeed() {
    assertThat(request(DataSet.TRIVIAQA, Protocol.LM_EVAL).stops()).containsExactly("\n");
    assertThat(request(DataSet.QASPER, Protocol.LM_EVAL).stops()).isEmpty();
  }

  @Test
  void upstreamScoresTheFirstLineOfFewShotSetsOnly() {
    assertThat(Protocol.ORIGINAL.scored(DataSet.TRIVIAQA, "\n\nyes \nno")).isEqualTo("yes ");
    assertThat(Protocol.ORIGINAL.scored(DataSet.QASPER, "\nyes \nno")).isEqualTo("\nyes \nno");
  }

  @Test
  void theHarnessStripsAllButCode() {
    assertThat(Protocol.LM_EVAL.scored(DataSet.TRIVIAQA, " yes \n")).isEqualTo("yes");
    assertThat(Protocol.LM_EVAL.scored(DataSet.LCC, "  yes \n")).isEqualTo("  yes \n");
  }

  @Test
  void theProtocolSaysWhatIsCutWhere() {
    assertThat(Protocol.ORIGINAL.text(7500))
        .isEqualTo("longbench-2e00731f/middle-7500/greedy/no-chat-template");
    assertThat(Protocol.LM_EVAL.text(8192)).contains("/left-8192/backslash-n/");
  }

  @Test
  void theBestAnswerCounts() {
    LongBenchItem item = new LongBenchItem(0, "", "", List.of("no", "yes it is"), List.of(), 1);

    assertThat(
            Question.of(DataSet.QASPER, Protocol.ORIGINAL, 100, Optional.empty())
                .score(item, "Yes, it is."))
        .isEqualTo(1);
  }

  private static Generate inChat(DataSet set, Protocol protocol) {
    Optional<Chat> chat = protocol.chat(set, Optional.of(new ToyChat()));
    return Question.of(set, protocol, 7500, chat).request(ITEM);
  }

  @Test
  void upstreamCutsAPromptBeforeItPutsItIntoAChat() {
    assertThat(inChat(DataSet.QASPER, Protocol.ORIGINAL).truncation())
        .isEqualTo(new Truncation.InChat(new Truncation.Middle(7500), new ToyChat()));
  }

  @Test
  void upstreamPutsNoExamplesAndNoCodeIntoAChat() {
    assertThat(DataSet.values())
        .filteredOn(set -> inChat(set, Protocol.ORIGINAL).equals(request(set, Protocol.ORIGINAL)))
        .extracting(DataSet::text)
        .containsExactly("trec", "triviaqa", "samsum", "lsht", "lcc", "repobench-p");
  }

  @Test
  void theHarnessCutsWhatIsInAChatAlready() {
    Generate request = inChat(DataSet.TREC, Protocol.LM_EVAL_FIXED);

    assertThat(request.prompt())
        .isEqualTo(new ToyChat().asked(request(DataSet.TREC, Protocol.LM_EVAL_FIXED).prompt()));
    assertThat(request.truncation()).isInstanceOf(Truncation.Left.class);
  }
}

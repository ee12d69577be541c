package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

class ExtrapolationOfferTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("pg19"));
    book("long.jsonl", "a", 3000);
    book("long.jsonl", "b", 1700);
    book("long.jsonl", "c", 400);
    book("beginnings.jsonl", "d", 9000);
  }

  private void book(String file, String id, int tokens) throws IOException {
    Path path = folder.resolve("pg19").resolve(file);
    String line = "{\"id\": \"" + id + "\", \"text\": \"" + "x".repeat(tokens) + "\"}\n";
    Files.writeString(path, (Files.exists(path) ? Files.readString(path) : "") + line);
  }

  /** A token is a character. */
  private record Characters() implements TokenCounter {
    @Override
    public String identity() {
      return "characters";
    }

    @Override
    public int count(String text, int most) {
      return text.length();
    }

    @Override
    public int recount(String text) {
      return text.length();
    }

    @Override
    public int specialTokens() {
      return 0;
    }
  }

  private static TaskOffer offer(String name) {
    return new Pg19Tasks().find(name).orElseThrow();
  }

  private Supplies supplies(Integer... trained) {
    return Supplies.of(folder, folder.resolve("cache"))
        .forModels(List.of(trained))
        .counting(Characters::new);
  }

  private static TaskOrder asked(Map<String, List<String>> own) {
    return TaskOrder.of("extrapolation").withOwn(new TreeMap<>(own));
  }

  private static TaskOrder lengths(String... lengths) {
    return asked(Map.of("lengths", List.of(lengths)));
  }

  private TaskOrder completed(TaskOrder order, Integer... trained) {
    return offer("extrapolation").completed(order, supplies(trained));
  }

  private Task<?> made(String name, TaskOrder order, Integer... trained) {
    TaskOffer offer = offer(name);
    return offer.make(offer.completed(order, supplies(trained)), Variant.NONE, supplies(trained));
  }

  @Test
  void suiteHasTheStretchesAndTheLongPass() {
    assertThat(new Pg19Tasks().suite("extrapolation", Wishes.none(), supplies()))
        .extracting(TaskOffer::name)
        .containsExactly("extrapolation", "extrapolation-pass");
  }

  @Test
  void suitePg19HasNeither() {
    assertThat(new Pg19Tasks().suite("pg19", Wishes.none(), supplies()))
        .extracting(TaskOffer::name)
        .containsExactly("pg19", "pg19-long", "wikitext2", "wikitext2-head");
  }

  @Test
  void lengthsDoubleFrom256ToTwiceTheTrainedOne() {
    assertThat(completed(TaskOrder.of("extrapolation"), 1024).own())
        .containsEntry("lengths", List.of("256", "512", "1024", "2048"))
        .containsEntry("stretches", List.of("2"))
        .containsEntry("safe_margin", List.of("0.02"));
  }

  @Test
  void lengthsThatAreAskedForAndTrainedOnesAreAmongThem() {
    assertThat(completed(lengths("3000", "1700"), 700, 1024).own().get("lengths"))
        .containsExactly("256", "512", "700", "1024", "1700", "2048", "3000");
  }

  @Test
  void completeOrderStaysWhatItIs() {
    TaskOrder order = completed(lengths("3000", "1700"), 700);

    assertThat(completed(order, 700)).isEqualTo(order);
  }

  @Test
  void longestLengthHasToBeBeyondEveryTrainedOne() {
    assertThatThrownBy(() -> completed(lengths("1024"), 512, 1024))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--lengths 1024: is not beyond 1024 tokens, which a model of the run was trained on");
  }

  @Test
  void longestLengthHasToHoldTheTargetsAndWhatIsBeforeThem() {
    assertThatThrownBy(() -> completed(lengths("512"), 256))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--lengths 512: is too short: 512 tokens before its end are rated, each behind half of"
                + " 256 tokens or more");
  }

  @Test
  void whatIsNoLengthNumberOrMarginIsBadInput() {
    refused(lengths("128"), "--lengths 128: must be from 256 to 134217728");
    refused(lengths("many"), "--lengths many: is no whole number");
    refused(asked(Map.of("stretches", List.of("0"))), "--stretches 0: must be from 1 to 10000");
    refused(
        asked(Map.of("safe_margin", List.of("NaN"))),
        "--safe-margin NaN: is no number of nats from 0 on");
    refused(
        asked(Map.of("safe_margin", List.of("-1"))),
        "--safe-margin -1: is no number of nats from 0 on");
  }

  private void refused(TaskOrder order, String message) {
    assertThatThrownBy(() -> completed(order, 1024))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  @Test
  void booksThatAreLongEnoughAreTaken() {
    assertThat(made("extrapolation", lengths("1100"), 512).samples())
        .extracting(Sample::id)
        .containsExactly("a.0", "b.0", "a.1", "b.1");
  }

  @Test
  void longPassReadsTheSameBooksToTheLongestLength() {
    Task<?> pass = made("extrapolation-pass", lengths("1100"), 512);

    assertThat(pass.samples()).extracting(Sample::id).containsExactly("a", "b");
    assertThat(pass.protocol())
        .isEqualTo("book-of-1612-or-more/first-1100/no-stride/no-bos/counted-words/corpus");
    assertThat(pass.dataDigest())
        .isEqualTo(made("extrapolation", lengths("1100"), 512).dataDigest());
  }

  @Test
  void withoutLongTextsBeginningsAreTaken() throws IOException {
    Files.delete(folder.resolve("pg19/long.jsonl"));

    assertThat(made("extrapolation", lengths("1100"), 512).samples())
        .extracting(Sample::document)
        .containsExactly("d", "d");
  }

  @Test
  void neitherFileIsBadInput() throws IOException {
    Files.delete(folder.resolve("pg19/long.jsonl"));
    Files.delete(folder.resolve("pg19/beginnings.jsonl"));

    assertThatThrownBy(() -> made("extrapolation", lengths("1100"), 512))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": has none of pg19/long.jsonl, pg19/beginnings.jsonl, packed or not");
  }

  @Test
  void booksThatAreAllTooShortAreBadInput() {
    assertThatThrownBy(() -> made("extrapolation", lengths("9000"), 512))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "task extrapolation: needs books of 9512 tokens or more, and the longest of 3 has 3000");
  }

  @Test
  void withoutAModelThereIsNothingToHoldLossesAgainst() {
    assertThatThrownBy(() -> made("extrapolation", lengths("1100")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is made for a model that was trained on a length");
  }

  @Test
  void listSaysWhatItIsWithoutAModel() {
    assertThat(offer("extrapolation").description(supplies()).samples()).isEqualTo(3);
    assertThat(offer("extrapolation").description(supplies()).metric())
        .isEqualTo("extrapolation_score");
  }

  @Test
  void exactLengthsHaveNoneBetweenButTheTrainedOne() {
    TaskOrder order =
        asked(Map.of("lengths", List.of("1024", "4096"), "exact_lengths", List.of("true")));

    TaskOrder complete = offer("extrapolation").completed(order, supplies(2048));

    assertThat(complete.own().get("lengths")).containsExactly("1024", "2048", "4096");
    assertThat(offer("extrapolation").completed(complete, supplies(2048))).isEqualTo(complete);
  }

  @Test
  void exactLengthsAreSaidOrNot() {
    TaskOrder order = asked(Map.of("exact_lengths", List.of("no")));

    assertThatThrownBy(() -> offer("extrapolation").completed(order, supplies(2048)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--exact-lengths: is said or not, not no");
  }

  @Test
  void withoutExactLengthsAnOrderDoesNotSpeakOfThem() {
    assertThat(offer("extrapolation").completed(asked(Map.of()), supplies(2048)).own())
        .doesNotContainKey("exact_lengths");
  }
}

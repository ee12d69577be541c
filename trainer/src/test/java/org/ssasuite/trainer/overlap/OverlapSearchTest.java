package org.ssasuite.trainer.overlap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.data.CorpusFile;

class OverlapSearchTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Thirteen words. */
  private static final String PLANTED =
      "seven grey horses crossed the frozen river before dawn while nobody on shore";

  @TempDir Path folder;

  private CorpusFile corpus(String name, String... texts) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append(MAPPER.createObjectNode().put("text", text)).append('\n');
    }
    return new CorpusFile(Files.writeString(folder.resolve(name), lines), "text");
  }

  private static SuiteText document(String name, String... texts) {
    return new SuiteText("suite", "task", name, List.of(texts));
  }

  private static OverlapReport search(List<SuiteText> suites, CorpusFile... corpora) {
    return OverlapSearch.run(suites.stream(), List.of(corpora), words -> {});
  }

  @Test
  void thirteenWordsAreFoundWithTheirPlaces() throws IOException {
    CorpusFile first = corpus("a.jsonl", "Nothing here.", "Nor here.");
    CorpusFile second = corpus("b.jsonl", "One.", "He wrote: " + PLANTED + " — and no more.");
    List<SuiteText> suites =
        List.of(document("clean", "Quite another text"), document("hit", "Q?", "A: " + PLANTED));

    OverlapReport report = search(suites, first, second);

    assertThat(report.clean()).isFalse();
    OverlapReport.TaskResult task = report.tasks().get(0);
    assertThat(task.documents()).isEqualTo(2);
    assertThat(task.shortDocuments()).isEqualTo(1);
    assertThat(task.hits())
        .containsExactly(
            new OverlapReport.DocumentHit(
                "hit", 2, 1, new OverlapReport.Example(PLANTED, "b.jsonl", 2, 10, 1, 3)));
    assertThat(report.corpora().get(0).hits()).isEmpty();
    assertThat(report.corpora().get(1).hits()).containsExactly(new OverlapReport.CorpusHit(2, 1));
    assertThat(report.corpora().get(1).documents()).isEqualTo(2);
  }

  @Test
  void twelveWordsAreNotFound() throws IOException {
    String twelve = PLANTED.substring(0, PLANTED.lastIndexOf(' '));

    OverlapReport report =
        search(List.of(document("d", PLANTED)), corpus("a.jsonl", "So " + twelve + " elsewhere."));

    assertThat(report.clean()).isTrue();
    assertThat(report.tasks().get(0).shingles()).isEqualTo(1);
    assertThat(report.tasks().get(0).hitShingles()).isZero();
  }

  @Test
  void thirteenWordsOverTwoDocumentsAreNotFound() throws IOException {
    int middle = PLANTED.indexOf("river");

    OverlapReport report =
        search(
            List.of(document("d", PLANTED)),
            corpus("a.jsonl", PLANTED.substring(0, middle), PLANTED.substring(middle)));

    assertThat(report.clean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SEVEN grey horses\ncrossed the frozen river; before dawn, while nobody on shore",
        "“seven” _grey_ horses --- crossed the\tfrozen river (before dawn) while nobody on: shore!",
        "«Seven, grey; horses» crossed * the * frozen * river before dawn while nobody on"
            + " shore\u2028",
      })
  void caseAndSignsDoNotMatter(String text) throws IOException {
    OverlapReport report = search(List.of(document("d", PLANTED)), corpus("a.jsonl", text));

    assertThat(report.clean()).isFalse();
  }

  @Test
  void apostrophesOfEitherFormDivideWords() throws IOException {
    String straight = "it's what they'd say if one's own father didn't know any better today";

    OverlapReport report =
        search(
            List.of(document("d", straight)), corpus("a.jsonl", straight.replace('\'', '\u2019')));

    assertThat(report.tasks().get(0).hitShingles()).isEqualTo(report.tasks().get(0).shingles());
  }

  @Test
  void ideographsAreWords() throws IOException {
    OverlapReport report =
        search(
            List.of(document("thirteen", "天地玄黃宇宙洪荒日月盈昃辰"), document("twelve", "寒來暑往秋收冬藏閏餘成歲")),
            corpus("a.jsonl", "前天地玄黃,宇宙洪荒。日月盈昃,辰宿列張,寒來暑往秋收冬藏閏餘成歲"));

    assertThat(report.tasks().get(0).hits())
        .extracting(OverlapReport.DocumentHit::document)
        .containsExactly("thirteen");
    assertThat(report.tasks().get(0).shortDocuments()).isEqualTo(1);
  }

  @Test
  void everyTaskThatHasTheTextIsNamed() throws IOException {
    SuiteText a = new SuiteText("s", "a", "1", List.of(PLANTED));
    SuiteText b = new SuiteText("s", "b", "2", List.of(PLANTED, PLANTED));
    SuiteText none = new SuiteText("s", "b", "3", List.of());

    OverlapReport report = search(List.of(a, none, b), corpus("a.jsonl", PLANTED, PLANTED));

    assertThat(report.tasks()).extracting(OverlapReport.TaskResult::task).containsExactly("a", "b");
    assertThat(report.tasks())
        .extracting(OverlapReport.TaskResult::hitShingles)
        .containsExactly(1L, 1L);
    assertThat(report.tasks().get(1).hits().get(0).document()).isEqualTo("2");
    assertThat(report.corpora().get(0).hits()).hasSize(2);
  }

  /** Few words make many shingles alike but for one; sets of strings say what is right. */
  @Test
  void countsAreThoseOfSetsOfStrings() throws IOException {
    Random random = new Random(5);
    List<String> suite = texts(random, 40, 120);
    List<String> corpus = texts(random, 40, 120);
    for (int i = 0; i < 30; i++) {
      String[] words = suite.get(i).split(" ", -1);
      int length = 8 + i % 10;
      int from = random.nextInt(words.length - length);
      corpus.add("b " + String.join(" ", Arrays.copyOfRange(words, from, from + length)) + " a b");
    }
    Set<String> inCorpus = new LinkedHashSet<>();
    corpus.forEach(text -> inCorpus.addAll(shingles(text)));
    List<Long> expected =
        suite.stream()
            .map(text -> shingles(text).stream().filter(inCorpus::contains).count())
            .toList();
    List<SuiteText> documents = new ArrayList<>();
    for (int i = 0; i < suite.size(); i++) {
      documents.add(new SuiteText("s", "task-" + i, "d", List.of(suite.get(i))));
    }

    OverlapReport report = search(documents, corpus("a.jsonl", corpus.toArray(new String[0])));

    assertThat(expected).anyMatch(count -> count > 1).anyMatch(count -> count == 0);
    assertThat(report.tasks())
        .extracting(OverlapReport.TaskResult::hitShingles)
        .isEqualTo(expected);
  }

  private static List<String> texts(Random random, int count, int words) {
    return Stream.generate(
            () ->
                String.join(
                    " ",
                    Stream.generate(() -> random.nextInt(10) < 6 ? "a" : "b" + random.nextInt(3))
                        .limit(words)
                        .toList()))
        .limit(count)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Set<String> shingles(String text) {
    String[] words = text.split(" ", -1);
    Set<String> shingles = new LinkedHashSet<>();
    for (int i = 0; i + 13 <= words.length; i++) {
      shingles.add(String.join(" ", Arrays.copyOfRange(words, i, i + 13)));
    }
    return shingles;
  }

  @Test
  void brokenCorpusNamesFileAndLine() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"b");

    assertThatThrownBy(() -> search(List.of(document("d", PLANTED)), new CorpusFile(file, "text")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": line 2, offset ");
  }
}

package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.Generate;
import org.ssasuite.tasks.ruler.generator.RulerSample;

/** What is wrong with the references, and what becomes of it here. */
class DefectsTest {
  @TempDir Path folder;

  private Bench bench() {
    return new Bench(folder);
  }

  private static String prompt(RulerTask task) {
    return ((Generate) task.requests(task.samples().findFirst().orElseThrow()).get(0)).prompt();
  }

  /** NVIDIA's needle tasks overwrite {@code index} with an offset, by which a resumed run skips. */
  @Test
  void samplesAreToldApartThoughTheReferencesIndexIsAnOffset() {
    RulerTask task = bench().task("niah_single_1", Bench.order("nvidia-2025", 1024, 42, 30));

    assertThat(task.samples().map(RulerSample::id).distinct()).hasSize(30);
    assertThat(bench().lines("niah_single_1", Bench.order("nvidia-2025", 1024, 42, 1)).get(0))
        .doesNotStartWith("{\"index\": 0,");
  }

  /** Both references go on for ever where the smallest sample is too long. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "niah_single_1",
        "niah_single_2_pd",
        "niah_multikey_3",
        "vt",
        "cwe",
        "fwe",
        "qa_1",
        "qa_2"
      })
  void lengthThatNoSampleFitsIsSaid(String task) {
    for (String version : List.of("nvidia-2025", "nvidia-2024", "lmeval-0.4.9")) {
      assertThatThrownBy(() -> bench().lines(task, Bench.order(version, 90, 42, 1)))
          .as(version)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("length");
    }
  }

  /** The list comes from Git LFS and is not among the suite's data. */
  @Test
  void wordsBeyondTheListAreAskedForByName() {
    assertThatThrownBy(() -> bench().lines("cwe", Bench.order("nvidia-2025", 131_072, 42, 1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("english_words.json")
        .hasMessageContaining("8166");
  }

  @Test
  void lmEvalMakesACommonWordsExampleAndLeavesItOut() {
    String prompt = prompt(bench().task("cwe", Bench.order("lmeval-0.4.9", 2048, 42, 1)));
    String nvidia = prompt(bench().task("cwe", Bench.order("nvidia-2025", 2048, 42, 1)));

    assertThat(prompt.split("Below is a numbered list", -1)).hasSize(2);
    assertThat(nvidia.split("Below is a numbered list", -1)).hasSize(3);
    assertThat(prompt).contains("above list?\n\nAnswer: The top 10");
  }

  @Test
  void lmEvalMisspellsAssigned() {
    String prompt = prompt(bench().task("vt", Bench.order("lmeval-0.4.9", 2048, 42, 1)));

    assertThat(prompt).contains("variables are assgined the value");
    assertThat(prompt(bench().task("vt", Bench.order("nvidia-2025", 2048, 42, 1))))
        .contains("variables are assigned the value")
        .doesNotContain("assgined");
  }

  /** NVIDIA's newest version alone takes the answer's tokens off the length. */
  @Test
  void frequentWordsAndTheirAnswerExceedTheLengthInOlderVersions() {
    assertThat(exceeds("nvidia-2025")).isFalse();
    assertThat(exceeds("nvidia-2024")).isTrue();
    assertThat(exceeds("lmeval-0.4.9")).isTrue();
  }

  private boolean exceeds(String version) {
    return IntStream.of(1500, 2000, 2500, 3000, 3500, 4500, 5500)
        .anyMatch(
            length ->
                bench()
                    .task("fwe", Bench.order(version, length, 42, 4))
                    .samples()
                    .anyMatch(sample -> sample.length() > length));
  }

  /** At commit 61d2e1a2 NVIDIA's caller sends the input alone. */
  @Test
  void answerPrefixIsAskedInEveryVersion() {
    for (String version : List.of("nvidia-2025", "nvidia-2024", "lmeval-0.4.9")) {
      RulerTask task = bench().task("niah_single_1", Bench.order(version, 1024, 42, 1));

      assertThat(prompt(task)).as(version).endsWith("mentioned in the provided text is");
    }
  }

  /** In lm-eval a task's samples depend on those that were made before it in the same run. */
  @Test
  void samplesDoNotDependOnTasksMadeBefore() {
    List<String> alone = bench().lines("niah_multikey_2", Bench.order("lmeval-0.4.9", 1024, 42, 2));
    Bench other = new Bench(folder.resolve("other"));
    other.lines("vt", Bench.order("lmeval-0.4.9", 1024, 42, 2));

    assertThat(other.lines("niah_multikey_2", Bench.order("lmeval-0.4.9", 1024, 42, 2)))
        .isEqualTo(alone);
  }

  /** HotpotQA's host is gone: files are the user's, and a missing one is named. */
  @Test
  void missingQuestionsAreAskedForByName() {
    Supplies nothing =
        Supplies.of(folder.resolve("empty"), folder.resolve("cache"))
            .counting(RulerTasks::whitespace);
    TaskOrder order = Bench.order("nvidia-2025", 4096, 42, 1);

    assertThatThrownBy(() -> Bench.offer("qa_2").lines(order, nothing))
        .hasMessageContaining("--qa")
        .hasMessageContaining("HotpotQA");
    assertThatThrownBy(() -> Bench.offer("niah_single_2").lines(order, nothing))
        .hasMessageContaining("--haystack")
        .hasMessageContaining("niah_single_2_pd");
  }

  @Test
  void lmEvalsNamesAreKnown() {
    assertThat(List.of("ruler_vt", "ruler_cwe", "ruler_fwe", "ruler_qa_squad", "ruler_qa_hotpot"))
        .allMatch(name -> new RulerTasks().find(name).isPresent());
  }
}

package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

class LongBenchTasksTest {
  private static final Path EMBEDDED = Path.of(System.getProperty("ssa.root")).resolve("data");

  @ParameterizedTest
  @CsvSource({
    "4096, 3500",
    "8192, 7500",
    "16384, 15500",
    "32768, 31500",
    "131072, 127500",
    "1024, 512",
  })
  void theLimitIsLongBenchsForTheTrainedLength(int trained, int limit) {
    assertThat(Made.limit(TaskOrder.of("qasper"), trained)).isEqualTo(limit);
    assertThat(Made.limit(TaskOrder.of("qasper@lmeval-0.4.9"), trained)).isEqualTo(trained);
  }

  @Test
  void theShortestTrainedLengthDecidesForAll() {
    assertThat(Made.limit(TaskOrder.of("qasper"), 16384, 4096)).isEqualTo(3500);
    assertThat(Made.limit(TaskOrder.of("qasper").withLength(99), 4096)).isEqualTo(99);
    assertThat(Made.limit(TaskOrder.of("qasper"))).isEqualTo(7500);
  }

  @Test
  void namesAreUniqueAndEverySuiteHasItsOwn() {
    assertThat(Made.names()).doesNotHaveDuplicates().hasSize(3 * (21 + 13) + 5 + 2);
    assertThat(new LongBenchTasks().suites())
        .containsExactly(
            "longbench",
            "longbench-e",
            "longbench@lmeval-0.4.9",
            "longbench-e@lmeval-0.4.9",
            "longbench@lmeval-0.4.9-ssa",
            "longbench-e@lmeval-0.4.9-ssa",
            "longbench-v2",
            "longbench-pd");
  }

  @Test
  void aTaskIsOfItsSuiteAndCarriesALengthIfThereAreSeveral(@TempDir Path data) {
    MadeUpData.in(data);
    TaskOrder order = TaskOrder.of("qasper_e@lmeval-0.4.9").withLength(3500);
    Variant shown = new Variant(order.length(), OptionalInt.empty(), OptionalLong.empty());

    Task<?> task = Made.offer(order.task()).make(order, shown, Made.supplies(data));

    assertThat(task.id()).hasToString("longbench-e@lmeval-0.4.9/qasper_e@lmeval-0.4.9@3500@1");
    assertThat(DataSetKind.of(task.id().base()))
        .contains(new DataSetKind("single_document_qa", "en"));
  }

  @Test
  void aSuiteHasTheDataSetsThatAreThere(@TempDir Path data) throws IOException {
    MadeUpData.in(data);
    Files.delete(data.resolve("longbench/lcc.jsonl"));

    assertThat(Made.suite("longbench", data)).hasSize(20).doesNotContain("lcc");
    assertThat(Made.suite("longbench-e", data)).hasSize(13).contains("lcc_e");
  }

  @Test
  void recordsOfOneFileGoToTheirDataSets(@TempDir Path data) throws IOException {
    Files.createDirectories(data.resolve("longbench"));
    Files.writeString(
        data.resolve("longbench/longbench_mini237.jsonl"),
        MadeUpData.record(DataSet.LCC, 0)
            + "\n"
            + MadeUpData.record(DataSet.QASPER, 1)
            + "\n"
            + MadeUpData.record(DataSet.LCC, 2)
            + "\n");

    assertThat(Made.task("lcc", data).samples())
        .extracting(item -> item.id())
        .containsExactly("0", "1");
    assertThatThrownBy(() -> Made.task("trec", data))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("longbench_mini237.jsonl: no record of trec in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "length | field 'length' is missing or not a finite number",
        "input | field 'input' is missing",
        "answers | field 'answers' is missing",
        "all_classes | field 'all_classes' is missing",
      })
  void aRecordThatLacksAFieldIsNamed(String field, String fact, @TempDir Path data)
      throws IOException {
    var record = MadeUpData.record(DataSet.QASPER, 0);
    record.remove(field);
    Files.createDirectories(data.resolve("longbench"));
    Path file = data.resolve("longbench/qasper.jsonl");
    Files.writeString(file, record + "\n");

    assertThatThrownBy(() -> Made.task("qasper", data))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 1: " + fact);
  }

  @Test
  void missingDataIsNamed() {
    assertThatThrownBy(() -> Made.task("qasper", EMBEDDED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("longbench/qasper.jsonl: no such file, packed or not");
    assertThatThrownBy(() -> Made.suite("longbench-e", EMBEDDED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no file of suite longbench-e");
  }

  @Test
  void withoutLongBenchsDataOurOwnItemsStandIn() {
    assertThat(Made.suite("longbench", EMBEDDED))
        .containsExactly("pd_passage_retrieval", "pd_passage_count");
  }

  @Test
  void theNeedleIsTheRightPassageInThePrompt() {
    LongBenchTask task = (LongBenchTask) Made.task("pd_passage_retrieval", EMBEDDED);

    assertThat(task.samples())
        .allSatisfy(
            item -> {
              String prompt = ((Generate) task.requests(item).get(0)).prompt();
              Needle needle = task.needles(item).orElseThrow().all().get(0);
              assertThat(prompt.substring(needle.span().from(), needle.span().to()))
                  .startsWith(item.answers().get(0) + ": ")
                  .endsWith(item.input())
                  .doesNotContain("\n");
            });
  }

  @Test
  void aPassageIsFoundWhereNoOtherNumberIsNamed() {
    LongBenchTask task = (LongBenchTask) Made.task("pd_passage_retrieval", EMBEDDED);
    LongBenchItem item = task.samples().findFirst().orElseThrow();
    Needles needles = task.needles(item).orElseThrow();

    assertThat(needles.found(answer(item.answers().get(0)))).containsExactly(true);
    assertThat(needles.found(answer(item.answers().get(0) + " or 31"))).containsExactly(false);
    assertThat(needles.found(answer(""))).containsExactly(false);
  }

  private static Generation answer(String text) {
    return new Generation(text, 1, ContextFit.whole(1), Optional.empty());
  }

  @Test
  void countedPassagesHaveNoNeedle() {
    LongBenchTask task = (LongBenchTask) Made.task("pd_passage_count", EMBEDDED);

    assertThat(task.samples()).allSatisfy(item -> assertThat(task.needles(item)).isEmpty());
  }

  @Test
  void anExcerptIsOfTheRightPassage() {
    Task<?> task = Made.task("pd_passage_retrieval", EMBEDDED);

    task.samples()
        .map(LongBenchItem.class::cast)
        .forEach(
            item -> {
              String right =
                  item.context()
                      .lines()
                      .filter(line -> line.startsWith(item.answers().get(0) + ": "))
                      .findFirst()
                      .orElseThrow();
              assertThat(right).endsWith(item.input());
            });
    assertThat(task.samples()).hasSize(12);
    assertThat(task.protocol()).startsWith("own-items-1/");
  }

  @Test
  void theCountIsThatOfDifferentPassages() {
    LongBenchTask task = (LongBenchTask) Made.task("pd_passage_count", EMBEDDED);

    task.samples()
        .forEach(
            item ->
                assertThat(
                        item.context()
                            .lines()
                            .filter(line -> !line.isEmpty())
                            .map(line -> line.substring(line.indexOf(": ") + 2))
                            .distinct()
                            .count())
                    .isEqualTo(Long.parseLong(item.answers().get(0))));
    assertThat(task.samples().map(item -> item.answers().get(0)).distinct()).hasSizeGreaterThan(5);
  }

  @Test
  void ourOwnItemsFitAMiniaturesWindow() {
    LongBenchTask task = (LongBenchTask) Made.task("pd_passage_count", EMBEDDED);

    assertThat(task.samples())
        .allSatisfy(
            item -> {
              Generate request = (Generate) task.requests(item).get(0);
              assertThat(request.prompt())
                  .endsWith("The final answer is: ")
                  .hasSizeLessThan(25_000);
            });
  }
}

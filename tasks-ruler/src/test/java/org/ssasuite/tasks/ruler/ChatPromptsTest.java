package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.task.Variant;
import org.ssasuite.core.testing.ToyChat;
import org.ssasuite.tasks.ruler.generator.RulerSample;

class ChatPromptsTest {
  private static final int LENGTH = 512;

  @TempDir Path folder;

  private RulerTask task(String version, int length) {
    TaskOrder order = Bench.order(version, length, 42, 1);
    Map<String, List<String>> own = new TreeMap<>(order.own());
    own.put(ChatOrder.OWN, List.of(ChatOrder.DEFAULT));
    Supplies supplies =
        Supplies.of(folder, folder.resolve("cache"))
            .counting(RulerTasks::whitespace)
            .chatting(said -> new ToyChat());
    return (RulerTask)
        Bench.offer("niah_single_1").make(order.withOwn(own), Variant.NONE, supplies);
  }

  private static RulerSample sample(RulerTask task) {
    return task.samples().findFirst().orElseThrow();
  }

  private static String prompt(RulerTask task) {
    return ((Generate) task.requests(sample(task)).get(0)).prompt();
  }

  @Test
  void prefixOfTheAnswerStandsBehindTheTemplate() {
    RulerTask task = task("nvidia-2025", LENGTH);
    RulerSample sample = sample(task);
    assertThat(prompt(task))
        .isEqualTo("<s><user>" + sample.input() + "</user>\n<assistant>\n" + sample.answerPrefix());
  }

  @Test
  void theHarnessBeginsTheAnswerWithIt() {
    RulerTask task = task("lmeval-0.4.9", LENGTH);
    assertThat(prompt(task)).endsWith("<assistant>\n" + sample(task).answerPrefix());
  }

  /** As NVIDIA takes them off before anything is drawn. */
  @Test
  void tokensOfTheTemplateCountAgainstTheLength() {
    int around = PythonText.split(new ToyChat().asked("word")).size() - 1;
    Bench bench = new Bench(folder);
    RulerSample shorter =
        sample(bench.task("niah_single_1", Bench.order("nvidia-2025", LENGTH - around, 42, 1)));
    assertThat(sample(task("nvidia-2025", LENGTH))).isEqualTo(shorter);
  }

  @Test
  void needleIsFoundInTheTemplate() {
    RulerTask task = task("nvidia-2025", LENGTH);
    RulerSample sample = sample(task);
    Needle needle = task.needles(sample).orElseThrow().all().get(0);
    assertThat(prompt(task).substring(needle.span().from(), needle.span().to()))
        .contains(sample.outputs().get(0));
  }

  @Test
  void protocolSaysTheTemplate() {
    assertThat(task("nvidia-2025", LENGTH).protocol()).endsWith(", chat-template-c0ffeec0ffee");
  }

  @Test
  void lengthOfTheTemplateAloneIsRefused() {
    assertThatThrownBy(() -> task("nvidia-2025", 1)).isInstanceOf(BadInputException.class);
  }
}

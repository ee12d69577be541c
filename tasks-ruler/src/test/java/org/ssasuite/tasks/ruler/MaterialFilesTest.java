package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;

/** Files that a user brings for RULER and that are not what they should be. */
class MaterialFilesTest {
  @TempDir Path folder;

  @Test
  void questionsInNeitherFormAreNamedByTheirFile() throws IOException {
    Path file = Files.writeString(folder.resolve("questions.json"), "What is it?");
    assertThatThrownBy(() -> lines("qa_1", Optional.empty(), List.of(file)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": is neither in SQuAD's form, a JSON object, nor in HotpotQA's, a list");
  }

  @Test
  void essaysOfOneEndlessWordAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("essays.txt"), "One " + "a".repeat(2_001));
    assertThatThrownBy(() -> lines("niah_single_2", Optional.of(file), List.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": is no essay: a word has 2001 characters");
  }

  private List<String> lines(String task, Optional<Path> haystack, List<Path> questions) {
    Map<String, List<String>> own = new TreeMap<>(Bench.order("nvidia-2025", 2_000, 42, 1).own());
    haystack.ifPresent(file -> own.put(RulerTasks.HAYSTACK, List.of(file.toString())));
    own.put(RulerTasks.QUESTIONS, questions.stream().map(Path::toString).toList());
    Supplies supplies =
        Supplies.of(folder, folder.resolve("cache")).counting(RulerTasks::whitespace);
    return Bench.offer(task)
        .lines(Bench.order("nvidia-2025", 2_000, 42, 1).withOwn(own), supplies)
        .toList();
  }
}

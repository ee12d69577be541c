package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/** Items as repositories of a hub have them: a folder for each data set. */
class HubLayoutTest {
  @TempDir Path folder;

  private static <S extends Sample> List<String> asked(Task<S> task) {
    return task.samples().map(sample -> sample.id() + task.requests(sample)).toList();
  }

  private Path hub(String set) throws IOException {
    Path own = MadeUpData.in(folder.resolve("own"));
    Path hub = folder.resolve("hub");
    Files.createDirectories(hub.resolve(set));
    Files.copy(
        own.resolve("longbench/" + set + ".jsonl"),
        hub.resolve(set + "/test-00000-of-00001.jsonl"));
    return hub;
  }

  @Test
  void promptsAreThoseOfUpstreamsFiles() throws IOException {
    Path hub = hub("qasper");
    assertThat(asked(Made.task("qasper", hub)))
        .isEqualTo(asked(Made.task("qasper", folder.resolve("own"))))
        .hasSize(MadeUpData.RECORDS);
  }

  @Test
  void theSuiteIsWhatIsThere() throws IOException {
    assertThat(Made.suite("longbench", hub("qasper"))).containsExactly("qasper");
  }
}

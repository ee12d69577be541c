package org.ssasuite.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process leaves that ends while it replaces a checkpoint: at each moment one is whole, and
 * it is the one that is found.
 */
class CheckpointStoreTest {
  private static final RunDigests RUN = new RunDigests("recipe", "manifest", "log");

  @TempDir Path folder;

  /** A whole checkpoint of step 3, with a file that tells it from others. */
  private void checkpoint(String name, String mark) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.writeString(made.resolve("mark"), mark);
    Files.writeString(
        made.resolve(CheckpointFolder.MANIFEST), CheckpointStore.manifest(3, RUN, Map.of()));
  }

  private void requireFound(String mark) {
    assertThat(CheckpointStore.newest(folder)).map(CheckpointStore.Saved::step).contains(3);
    assertThat(folder.resolve("step-00000003/mark")).hasContent(mark);
    assertThat(folder.resolve(".replaced")).doesNotExist();
  }

  @Test
  void beforeAnythingIsMovedTheOldOneIsThere() throws IOException {
    checkpoint("step-00000003", "old");
    checkpoint(".draft", "new");
    requireFound("old");
  }

  @Test
  void whatWasSetAsideComesBackWhereNothingTookItsName() throws IOException {
    checkpoint(".replaced", "old");
    checkpoint(".draft", "new");
    requireFound("old");
  }

  @Test
  void whatTookTheNameStaysAndWhatWasSetAsideGoes() throws IOException {
    checkpoint("step-00000003", "new");
    checkpoint(".replaced", "old");
    requireFound("new");
  }

  @Test
  void whatIsLeftOfOneThatWasGoingAwayIsNoCheckpoint() throws IOException {
    checkpoint("step-00000003", "new");
    Files.createDirectory(folder.resolve(".replaced"));
    Files.writeString(folder.resolve(".replaced/mark"), "old");
    requireFound("new");
  }
}

package org.ssasuite.leaderboards.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.hub.HubFolder;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.TinyModel;

/** Repositories in the form of Hugging Face's cache. */
class HubFolderTest {
  private static final String FIRST = "a".repeat(40);
  private static final String SECOND = "b".repeat(40);

  @TempDir Path folder;
  private Path repository;

  @BeforeEach
  void make() throws IOException {
    repository = folder.resolve("models--lab--tiny");
    Files.createDirectories(repository.resolve("blobs"));
    Files.createDirectories(repository.resolve("refs"));
    Files.createDirectories(repository.resolve("snapshots").resolve(FIRST));
  }

  private Path snapshot(String commit) {
    return repository.resolve("snapshots").resolve(commit);
  }

  @Test
  void anyOtherFolderIsItself() {
    assertThat(HubFolder.resolved(folder)).isEqualTo(folder);
  }

  @Test
  void mainIsTaken() throws IOException {
    Files.createDirectories(snapshot(SECOND));
    Files.writeString(repository.resolve("refs/main"), SECOND);

    assertThat(HubFolder.resolved(repository)).isEqualTo(snapshot(SECOND));
  }

  @Test
  void theOnlySnapshotIsTaken() {
    assertThat(HubFolder.resolved(repository)).isEqualTo(snapshot(FIRST));
  }

  @Test
  void oneOfSeveralIsNotGuessed() throws IOException {
    Files.createDirectories(snapshot(SECOND));

    assertThatThrownBy(() -> HubFolder.resolved(repository))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has 2 snapshots and no refs/main; name one of them: ");
  }

  @Test
  void aSnapshotThatIsNotThereIsRefused() throws IOException {
    Files.writeString(repository.resolve("refs/main"), SECOND + "\n");
    assertThatThrownBy(() -> HubFolder.resolved(repository))
        .hasMessageContaining("has no snapshot of " + SECOND + ", which is its main");

    Files.writeString(repository.resolve("refs/main"), "../../elsewhere");
    assertThatThrownBy(() -> HubFolder.resolved(repository))
        .hasMessageEndingWith("refs/main: names no commit");
  }

  @Test
  void modelsAndDataAreRunFromThereAndVerified() throws IOException {
    Path model = TinyModel.write(folder);
    for (String name : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
      Path blob = repository.resolve("blobs").resolve(name + "-digest");
      Files.move(model.resolve(name), blob);
      Files.createSymbolicLink(snapshot(FIRST).resolve(name), snapshot(FIRST).relativize(blob));
    }
    Path data = folder.resolve("datasets--lab--books");
    Files.createDirectories(data.resolve("blobs"));
    Files.createDirectories(data.resolve("snapshots"));
    Files.move(TinyModel.data(folder), data.resolve("snapshots").resolve(SECOND));

    Path run = folder.resolve("run");
    Terminal.Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            repository,
            "--data",
            data,
            "--tasks",
            "pg19",
            "--lengths",
            64,
            "--modes",
            "full",
            "--out",
            run);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(RunFolder.readResults(run).results().get(0).model().name())
        .isEqualTo("models--lab--tiny");
    Terminal.Outcome verified = Terminal.type("verify", run);
    assertThat(verified.status()).as(verified.out()).isZero();
  }
}

package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Property;

/** What was changed in an interrupted run is found before the run goes on. */
class ChangedRunTest extends InterruptedRun {
  @Test
  void aChangedSampleThatWasAnsweredIsBadInput() throws IOException {
    interrupted(7);
    String text = Files.readString(samples(folder()));
    Files.writeString(samples(folder()), text.replace("\"toy-1\"", "\"toy-9\""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            samples(folder())
                + ": lines 1 to 3 are not what was written there, by the digests in progress.jsonl;"
                + " --fresh starts over");
  }

  @Test
  void aDigitThatWasChangedInACommittedLineIsBadInputWithTheLinesOfItsBatch() throws IOException {
    interrupted(10);
    List<String> lines = new ArrayList<>(Files.readAllLines(samples(folder())));
    lines.set(4, lines.get(4).replace("\"value\":1.0", "\"value\":1.5"));
    Files.write(samples(folder()), lines);
    byte[] changed = Files.readAllBytes(samples(folder()));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(samples(folder()) + ": lines 4 to 6 are not what was written");
    assertThat(samples(folder())).hasBinaryContent(changed);
  }

  @Test
  void aCountThatWasChangedInTheJournalIsBadInputThatNamesItsLine() throws IOException {
    interrupted(7);
    String text = Files.readString(progress());
    Files.writeString(progress(), text.replaceFirst("\"run_tokens\":21", "\"run_tokens\":20"));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(progress() + ": line 2: is not what was written there; --fresh starts over");
  }

  @Test
  void aBatchThatIsGoneFromTheJournalIsBadInput() throws IOException {
    interrupted(10);
    List<String> lines = new ArrayList<>(Files.readAllLines(progress()));
    lines.remove(2);
    Files.write(progress(), lines);
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(progress() + ": line 3: is not what was written there");
  }

  @Test
  void aManifestThatWasChangedIsBadInput() throws IOException {
    interrupted(7);
    Path manifest = folder().resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"linux\"", "\"other\""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(manifest + ": was changed since the run began");
  }

  @Test
  void aJournalWithoutDigestsIsBadInput() throws IOException {
    interrupted(7);
    String text = Files.readString(progress());
    Files.writeString(progress(), text.replaceAll(",\"chain\":\"[0-9a-f]*\"", ""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an earlier version began this run");
  }

  @Test
  void anInterruptedRunOfTheFirstVersionIsBadInput() throws IOException {
    interrupted(7);
    Path manifest = folder().resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("ssasuite/manifest/2", "ssasuite/manifest/1")
            .replaceAll("\"rows\" : \\[[^\\]]*],\\s*", ""));
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder() + ": holds a run of an earlier version");
  }

  @Test
  void whateverByteIsChangedTheRunIsRefusedOrEndsAsAnUndisturbedOne() throws IOException {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    interrupted(7);
    List<Path> files = List.of(samples(folder()), progress(), folder().resolve("manifest.json"));
    List<byte[]> intact = new ArrayList<>();
    for (Path file : files) {
      intact.add(Files.readAllBytes(file));
    }
    Function<Random, int[]> flips =
        random -> {
          int file = random.nextInt(files.size());
          return new int[] {file, random.nextInt(intact.get(file).length), 1 << random.nextInt(7)};
        };
    Property.forAll(
        flips,
        300,
        flip -> {
          for (int i = 0; i < files.size(); i++) {
            byte[] bytes = intact.get(i).clone();
            if (i == flip[0]) {
              bytes[flip[1]] ^= (byte) flip[2];
            }
            Files.write(files.get(i), bytes);
          }
          try {
            RunResult result = goOn(new Doubling(SAMPLES), manifest(10));
            assertThat(timeless(result)).isEqualTo(timeless(whole));
            Files.delete(folder().resolve("results.json"));
          } catch (BadInputException e) {
            assertThat(e).hasMessageStartingWith(folder().toString());
          }
        });
  }
}

package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.files.Digests;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.RunDigests;

/** A training that was killed or changed, and what comes of going on with it. */
class ResumedTrainingTest extends TinyTraining {
  @Test
  void aRunThatIsKilledEndsWithTheBytesOfAnUndisturbedOne() throws Exception {
    Path run = folder.resolve("killed");
    Process process = start(run);
    while (process.isAlive() && lines(run).size() < 15) {
      Thread.sleep(5);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(last(run)).doesNotExist();
    assertThat(run.resolve("checkpoints/step-00000010")).exists();

    assertThat(end(start(run))).isZero();

    for (String file : List.of("model.safetensors", "optimizer.safetensors", "config.json")) {
      assertThat(last(run).resolve(file)).hasSameBinaryContentAs(last(whole).resolve(file));
    }
    assertThat(timeless(run)).isEqualTo(timeless(whole));
    assertThat(run.resolve("evaluations.csv"))
        .hasSameBinaryContentAs(whole.resolve("evaluations.csv"));
  }

  @Test
  void twoProcessesHaveTheLossesOfOneAndGoOnAsOne() throws Exception {
    Path two = folder.resolve("two");
    Path output = folder.resolve("two.txt");
    String[] half = with(words(recipe, two), "--gpus", "2", "--stop-after", "30");
    assertThat(end(ChildProcess.start(output, List.of(), half)))
        .as(Files.readString(output))
        .isZero();

    assertThat(end(start(two))).isZero();

    assertThat(lines(two)).hasSize(STEPS + 1);
    for (int step = 1; step <= STEPS; step++) {
      String[] found = lines(two).get(step).split(",", -1);
      String[] wanted = lines(whole).get(step).split(",", -1);
      assertThat(found[2]).isEqualTo(wanted[2]);
      for (int column : new int[] {3, 4}) {
        assertThat(Double.parseDouble(found[column]))
            .isCloseTo(Double.parseDouble(wanted[column]), within(1e-6));
      }
    }
  }

  @Test
  void ofTwoProcessesTheOtherOneEndsWhenOneIsKilled() throws Exception {
    Path run = folder.resolve("cut");
    String port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = "" + socket.getLocalPort();
    }
    List<Process> ranks = new ArrayList<>();
    for (String rank : List.of("0", "1")) {
      Map<String, String> environment =
          Map.of("RANK", rank, "WORLD_SIZE", "2", "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", port);
      Path output = folder.resolve("rank" + rank + ".txt");
      ranks.add(ChildProcess.start(output, List.of(), environment, words(recipe, run)));
    }
    while (ranks.get(0).isAlive() && lines(run).size() < 15) {
      Thread.sleep(5);
    }

    ranks.get(1).destroyForcibly();

    assertThat(ranks.get(0).waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ranks.get(0).exitValue()).isEqualTo(4);
    assertThat(Files.readString(folder.resolve("rank0.txt"))).contains("rank 1 of 2 is gone");
    assertThat(run.resolve("checkpoints/step-00000010/checkpoint.json")).exists();
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  /** The log without what a clock had a say in. */
  private static List<String> timeless(Path run) throws IOException {
    return lines(run).stream()
        .map(line -> List.of(line.split(",", -1)).subList(0, 12).toString())
        .toList();
  }

  @Test
  void aStepThatWasChangedIsRefused() throws IOException {
    Path run = copy("step");
    Path state = last(run).resolve("checkpoint.json");
    Files.writeString(
        state, Files.readString(state).replace("\"step\" : " + STEPS, "\"step\" : 8"));

    refused(run, state + ": is of step 8, its folder is not");
  }

  @Test
  void aStateThatWasRenamedIsRefused() throws IOException {
    Path run = copy("renamed");
    Path renamed = run.resolve("checkpoints/step-00000008");
    Files.move(last(run), renamed);

    refused(run, renamed.resolve("checkpoint.json") + ": is of step 50, its folder is not");
  }

  @Test
  void aStateThatWasMadeAnewForAnotherStepIsRefusedByItsOptimizer() throws IOException {
    Path run = copy("forged");
    Path forged = run.resolve("checkpoints/step-00000008");
    Files.move(last(run), forged);
    // The newest one counts, and the one before the last is newer.
    try (Stream<Path> older = Files.list(run.resolve("checkpoints/step-00000040"))) {
      for (Path file : older.toList()) {
        Files.delete(file);
      }
    }
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(forged)) {
      all.filter(file -> !file.endsWith("checkpoint.json"))
          .forEach(file -> files.put(file.getFileName().toString(), Digests.sha256(file)));
    }
    String log = String.join("\n", lines(run).subList(0, 9)) + "\n";
    RunDigests digests =
        new RunDigests(
            Digests.sha256(run.resolve("recipe.json")),
            Digests.sha256(run.resolve("manifest.json")),
            Digests.sha256(log));
    Files.writeString(
        forged.resolve("checkpoint.json"), CheckpointStore.manifest(8, digests, files));

    refused(
        run, forged.resolve("optimizer.safetensors") + ": is of step 50.0, its folder of step 8");
  }

  @Test
  void aRowOfTheLogThatWasChangedIsRefused() throws IOException {
    Path run = copy("log");
    Path log = run.resolve("train.csv");
    Files.writeString(log, Files.readString(log).replaceFirst("\n7,896,", "\n7,897,"));

    refused(run, log + ": is not what it was when checkpoint step-00000050 was made");
  }

  @Test
  void aLogThatEndsBeforeTheCheckpointIsRefused() throws IOException {
    Path run = copy("short");
    Path log = run.resolve("train.csv");
    Files.write(log, lines(run).subList(0, 20));

    refused(run, log + ": has 19 steps, its newest checkpoint 50");
  }

  @Test
  void weightsThatWereChangedAreRefused() throws IOException {
    Path run = copy("weights");
    Path weights = last(run).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    refused(run, weights + ": has not the SHA-256 that checkpoint.json has");
  }

  @Test
  void aRecipeThatWasChangedIsRefused() throws IOException {
    Path run = copy("recipe");
    Path own = run.resolve("recipe.json");
    Files.writeString(own, Files.readString(own).replace("0.002", "0.003"));

    refused(run, own + ": is not the recipe that manifest.json names");
  }

  @Test
  void aManifestThatWasChangedIsRefused() throws IOException {
    Path run = copy("manifest");
    Path manifest = run.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst("\"java\" : \"", "\"java\" : \"x"));

    refused(run, manifest + ": is not what it was when checkpoint step-00000050 was made");
  }

  private static Path copy(String name) throws IOException {
    Path copy = folder.resolve("copy-" + name);
    try (Stream<Path> all = Files.walk(whole)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(whole.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return copy;
  }

  private static void refused(Path run, String line) {
    Terminal.Outcome outcome = Terminal.type((Object[]) words(recipe, run));
    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines().toList()).last().isEqualTo("ssa: " + line);
  }

  @Test
  void anotherRecipeInTheSameFolderIsRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other.json"), recipe(1e-3));

    Terminal.Outcome outcome = Terminal.type((Object[]) words(other, whole));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("manifest.json: this run has another recipe");
  }
}

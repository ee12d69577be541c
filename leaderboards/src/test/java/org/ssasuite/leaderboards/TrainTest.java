package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.files.Digests;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.RunDigests;
import org.ssasuite.trainer.recipe.Recipes;
import org.ssasuite.trainer.recipe.TrainSpecFile;

/** Two-layer SSA models of 64 ids, trained for 50 steps by the program in processes of its own. */
class TrainTest {
  private static final int TOKENS = 64;
  private static final int VOCABULARY = 64;
  private static final int STEPS = 50;
  private static final int HELD_ROWS = 2;
  private static final long PATIENCE_SECONDS = 240;

  @TempDir static Path folder;
  private static Path tokens;
  private static Path recipe;
  private static Path whole;

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    tokens = folder.resolve("tokens.bin");
    Files.write(tokens, ids());
    recipe = Files.writeString(folder.resolve("recipe.json"), recipe(2e-3));
    whole = folder.resolve("whole");
    assertThat(end(start(whole))).as(Files.readString(folder.resolve("output.txt"))).isZero();
  }

  /** A walk that is regular enough to be learnt. */
  private static byte[] ids() {
    ByteBuffer bytes = ByteBuffer.allocate(2 * 6000).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6000; i++) {
      bytes.putShort((short) (i % 97 == 96 ? 1 : 2 + (i * 7 + i / 97 * 3) % (VOCABULARY - 2)));
    }
    return bytes.array();
  }

  private static String recipe(double peak) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode tree = (ObjectNode) mapper.readTree(TrainSpecFile.text(Recipes.recipe("ssa-mini")));
    ObjectNode model = (ObjectNode) tree.get("model");
    model.put("vocab_size", VOCABULARY).put("hidden_size", 32).put("num_hidden_layers", 2);
    model.put("head_dim", 32).put("intermediate_size", 48).put("max_position_embeddings", 256);
    ((ObjectNode) tree.get("attention")).put("block_size", 8).put("block_count", 2);
    ((ObjectNode) tree.get("rows")).put("tokens", TOKENS);
    ((ObjectNode) tree.get("batch")).put("rows", 1).put("accumulation", 2).put("steps", STEPS);
    ((ObjectNode) tree.get("schedule")).put("peak_learning_rate", peak).put("warmup_steps", 0);
    tree.put("precision", "fp32").put("checkpoint_every", 10).put("evaluate_every", STEPS);
    return tree.toString();
  }

  private static String[] words(Path recipe, Path out) {
    return new String[] {
      "train",
      "--recipe",
      recipe.toString(),
      "--data",
      tokens.toString(),
      "--held-out",
      tokens.toString(),
      "--held-batches",
      String.valueOf(HELD_ROWS),
      "--threads",
      "1",
      "--coverage-every",
      "10",
      "--out",
      out.toString()
    };
  }

  private static Process start(Path out) throws IOException {
    return ChildProcess.start(folder.resolve("output.txt"), List.of(), words(recipe, out));
  }

  private static int end(Process process) throws Exception {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static Path last(Path run) {
    return run.resolve("checkpoints").resolve("step-%08d".formatted(STEPS));
  }

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

  private static List<String> lines(Path run) throws IOException {
    Path log = run.resolve("train.csv");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
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
  void theModelLearns() throws IOException {
    List<String> lines = lines(whole);
    double first = Double.parseDouble(lines.get(1).split(",", -1)[3]);
    double last = Double.parseDouble(lines.get(STEPS).split(",", -1)[3]);

    assertThat(first).isCloseTo(Math.log(VOCABULARY), within(0.05));
    assertThat(last).isLessThan(first - 0.3);
    assertThat(lines.stream().map(line -> line.split(",", -1)[2])).contains("full", "sparse");
  }

  @Test
  void aSparseStepReachesEveryKey() throws IOException {
    List<String> measured =
        lines(whole).stream().skip(1).filter(line -> !line.split(",", -1)[7].isEmpty()).toList();

    assertThat(measured).hasSize(STEPS / 10);
    assertThat(measured).allMatch(line -> line.contains(",1.00000,1.00000,,,,"));
  }

  @Test
  void theRuntimeGivesTheTrainersLossInBothModes() throws IOException {
    for (String mode : List.of("full", "sparse")) {
      double sum = 0;
      for (int row = 0; row < HELD_ROWS; row++) {
        sum += nats(mode, row);
      }
      assertThat(sum / (HELD_ROWS * TOKENS)).isCloseTo(heldOut(mode), within(1e-4));
    }
  }

  private static double nats(String mode, int row) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(tokens)).order(ByteOrder.LITTLE_ENDIAN);
    int first = row * TOKENS;
    String text =
        IntStream.rangeClosed(first, first + TOKENS)
            .mapToObj(i -> String.valueOf(all.getShort(2 * i)))
            .collect(Collectors.joining(" "));
    Path ids = Files.writeString(folder.resolve("ids.txt"), text);
    Terminal.Outcome rated =
        Terminal.type("logprobs", "--model", last(whole), "--mode", mode, "--ids", ids);
    assertThat(rated.status()).as(rated.err()).isZero();
    ObjectMapper mapper = new ObjectMapper();
    double nats = 0;
    for (String line : rated.out().lines().toList()) {
      nats -= mapper.readTree(line).get("logprob").asDouble();
    }
    return nats;
  }

  private static double heldOut(String mode) throws IOException {
    return Files.readAllLines(whole.resolve("evaluations.csv")).stream()
        .filter(line -> line.startsWith(STEPS + ",held-out," + mode + ","))
        .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[4]))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunThatDivergesKeepsTheStateBeforeAndSaysSo() throws IOException {
    ObjectNode tree = (ObjectNode) new ObjectMapper().readTree(recipe(1000));
    // A step multiplies each weight by one less the product of rate and decay.
    ((ObjectNode) tree.get("optimizer")).put("weight_decay", 1e30);
    Path wild = Files.writeString(folder.resolve("wild.json"), tree.toString());
    Path run = folder.resolve("diverged");

    Terminal.Outcome outcome = Terminal.type((Object[]) words(wild, run));

    assertThat(outcome.status()).isEqualTo(4);
    assertThat(outcome.err()).contains("ssa: diverged at step 2: ");
    assertThat(outcome.out().strip())
        .isEqualTo(run.resolve("checkpoints/step-00000001").toString());
    assertThat(run.resolve("checkpoints/step-00000001/checkpoint.json")).exists();
  }

  @Test
  void anotherRecipeInTheSameFolderIsRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other.json"), recipe(1e-3));

    Terminal.Outcome outcome = Terminal.type((Object[]) words(other, whole));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("manifest.json: this run has another recipe");
  }

  @Test
  void aSingleStepWritesGradientsOfEveryWeight() throws IOException {
    Path out = folder.resolve("step");

    Terminal.Outcome outcome =
        Terminal.type(
            "train",
            "step",
            "--model",
            last(whole),
            "--tokens",
            tokens,
            "--rows",
            2,
            "--variant",
            "ssa",
            "--stream",
            "sparse",
            "--out",
            out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(
            new ObjectMapper()
                .readTree(out.resolve("losses.json").toFile())
                .get("align")
                .asDouble())
        .isPositive();
    assertThat(Files.size(out.resolve("grads.safetensors")))
        .isCloseTo(Files.size(last(whole).resolve("model.safetensors")), within(64L));
  }

  @Test
  void aStreamThatTheVariantHasNotIsRefused() {
    Terminal.Outcome outcome =
        Terminal.type(
            "train",
            "step",
            "--model",
            last(whole),
            "--tokens",
            tokens,
            "--rows",
            2,
            "--variant",
            "moba",
            "--stream",
            "full",
            "--out",
            folder.resolve("refused"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("ssa: --stream full: ");
  }

  @Test
  void aParityScheduleTakesItsStreamsFromTheLogBesideIt() throws IOException {
    Path parity = parityFolder();
    Files.writeString(
        parity.resolve("ssa.csv"), "step,mode,loss\n1,sparse,0\n2,full,0\n3,sparse,0\n");
    Path csv = folder.resolve("parity.csv");

    Terminal.Outcome outcome =
        Terminal.type("train", "--parity", parity, "--variant", "ssa", "--out", csv);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0)).isEqualTo("step,mode,loss,align,lr,gradnorm");
    assertThat(lines.stream().skip(1).map(line -> line.split(",", -1)[1]))
        .containsExactly("sparse", "full", "sparse");
    assertThat(lines.stream().skip(1).map(line -> Double.parseDouble(line.split(",", -1)[4])))
        .containsExactly(1e-3, 1e-3, 5e-4);
    assertThat(Double.parseDouble(lines.get(1).split(",", -1)[2]))
        .isCloseTo(Math.log(VOCABULARY), within(0.2));
  }

  @Test
  void aStreamInTheLogThatTheVariantHasNotIsRefused() throws IOException {
    Path parity = parityFolder();
    Files.writeString(parity.resolve("moba.csv"), "mode\nsparse\nfull\nsparse\n");

    Terminal.Outcome outcome =
        Terminal.type(
            "train", "--parity", parity, "--variant", "moba", "--out", folder.resolve("no.csv"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("moba.csv line 3: this variant is not trained in the full");
  }

  /** A start under its own name, and three steps of one row: a rise, the peak, half of it. */
  private static Path parityFolder() throws IOException {
    Path parity = Files.createTempDirectory(folder, "parity");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config = (ObjectNode) mapper.readTree(last(whole).resolve("config.json").toFile());
    config.put("max_position_embeddings", TOKENS).put("steps", 3).put("rows_per_step", 1);
    config.put("peak_lr", 1e-3).put("warmup_steps", 1).put("eps", 1e-8).put("weight_decay", 0.1);
    config.put("clip", 1.0).put("alpha", 10.0).putArray("betas").add(0.9).add(0.95);
    Path recipe = Files.writeString(folder.resolve("parity.json"), config.toString());
    Path start = folder.resolve(parity.getFileName() + "-start");
    assertThat(
            Terminal.type("model", "random", "--recipe", recipe, "--seed", 1, "--out", start)
                .status())
        .isZero();
    Files.move(start.resolve("model.safetensors"), parity.resolve("init.safetensors"));
    Files.move(start.resolve("config.json"), parity.resolve("config.json"));
    Files.copy(tokens, parity.resolve("tokens.bin"));
    return parity;
  }
}

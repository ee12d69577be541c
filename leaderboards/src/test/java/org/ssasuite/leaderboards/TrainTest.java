package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training comes to: its losses, streams, gradients and what it writes. */
class TrainTest extends TinyTraining {
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
  void aFinishedRunVerifiesAgainstItsTokens() {
    Terminal.Outcome outcome = Terminal.type("verify", whole, "--data", tokens);

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("agrees: train.csv: 50 steps, with the recipe's tokens, streams and rates")
        .contains("agrees: checkpoints/step-00000050: ")
        .contains("agrees: evaluations.csv: 2 scores")
        .contains("agrees: training tokens: digest ");
  }

  @Test
  void withoutItsTokensARunIsNotWhollyChecked() {
    Terminal.Outcome outcome = Terminal.type("verify", whole);

    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.out()).contains("not checked: training tokens: digest ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.csv|^7,|8,|differs: train.csv: line 8: 8,896,",
        "train.csv|^(7,896,[a-z]+,)|$19|differs: checkpoints/step-00000050: ",
        "train.csv|^(3,([^,]+,){4})0|$11|differs: train.csv: line 4: rate 1",
        "train.csv|^9,1152,[a-z]+|9,1152,mixed|differs: train.csv: line 10: 9,1152,mixed;",
        "recipe.json|\"seed\" : 42|\"seed\" : 43|differs: recipe.json: has SHA-256 ",
        "manifest.json|\"threads\" :|\"threads\"  :|differs: checkpoints/step-00000050: ",
        "checkpoints/step-00000050/config.json|silu|gelu|differs: checkpoints/step-00000050: ",
        "evaluations.csv|^50,|49,|differs: evaluations.csv: a score of step 49,"
      })
  void anEditOfARunIsSeen(String file, String what, String other, String said) throws IOException {
    Path run = Files.createTempDirectory(folder, "edited");
    copy(whole, run);
    Path edited = run.resolve(file);
    String before = Files.readString(edited);
    String after = Pattern.compile(what, Pattern.MULTILINE).matcher(before).replaceFirst(other);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(edited, after);

    Terminal.Outcome outcome = Terminal.type("verify", run, "--data", tokens);

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isEqualTo(1);
    assertThat(outcome.out()).contains(said);
  }

  @Test
  void anUnfinishedRunIsNotVerified() throws IOException {
    Path run = Files.createTempDirectory(folder, "unfinished");
    copy(whole, run);
    List<String> lines = lines(run);
    Files.write(run.resolve("train.csv"), lines.subList(0, 31));

    Terminal.Outcome outcome = Terminal.type("verify", run);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(run + ": a training run that is not finished: 30 of 50 steps");
  }

  @Test
  void aRoundedCheckpointIsAModelOfTheSameAnswers() throws IOException {
    Path rounded = folder.resolve("rounded");

    Terminal.Outcome outcome =
        Terminal.type(
            "model", "round", "--model", last(whole), "--precision", "bf16", "--out", rounded);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(rounded.resolve("config.json")).content().contains("\"torch_dtype\" : \"bfloat16\"");
    assertThat(rounded.resolve("optimizer.safetensors")).doesNotExist();
    assertThat(Files.size(rounded.resolve("model.safetensors")))
        .isLessThan(Files.size(last(whole).resolve("model.safetensors")) * 6 / 10);
    assertThat(
            Terminal.type("logprobs", "--model", rounded, "--mode", "full", "--ids", ids(rounded)))
        .extracting(Terminal.Outcome::status)
        .isEqualTo(0);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private static Path ids(Path beside) throws IOException {
    return Files.writeString(beside.resolveSibling("some.txt"), "5 6 7");
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

package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.checkpoint.StoredTensor;
import org.ssasuite.runtime.random.RandomCheckpoint;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/** Reading the files of a model folder. */
final class ModelReadings {
  /** Ids that the model of a spoilt tokenizer has, so that no tokenizer here has more. */
  private static final int VOCABULARY = 1 << 20;

  private static final String TEXT =
      "hello house, 12 (h\u00e9llo)\n\n  \ud83d\ude00 a  b [x] <s> ``he'll``\t"
          + "a".repeat(60)
          + "!";

  /** What expressions and models of words take long for. */
  private static final List<String> TEXTS =
      List.of(
          TEXT,
          "a".repeat(5_000),
          " ".repeat(5_000) + "a",
          "ab ".repeat(2_000),
          "\n".repeat(5_000) + " a",
          "1".repeat(5_000),
          "\u65e5\u672c\u3002".repeat(1_000),
          "a\u0301\ufdfa".repeat(1_000));

  private ModelReadings() {}

  /** Opens the folder and reads every number of every weight that the model has. */
  static void weights(Path folder, Path file) {
    requireWeights(Checkpoint.open(folder));
  }

  static void requireWeights(Checkpoint checkpoint) {
    checkpoint.layout().names().forEach(name -> requireWeight(checkpoint.tensor(name)));
    requireWeight(checkpoint.head());
  }

  private static void requireWeight(StoredTensor tensor) {
    long elements = Arrays.stream(tensor.shape()).reduce(1, Math::multiplyExact);
    unless(
        tensor.floats().remaining() == elements,
        tensor.name() + " has not the " + elements + " elements of its shape");
  }

  /** The same, and whether the file has no more tensors than may be passed over. */
  static void tensors(Path folder, Path file) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    byte[] bytes = DataFile.of(file).bytes();
    unless(
        AddedTensors.rightlyRead(bytes, checkpoint.head().name()),
        "tensors that change the model are passed over, or another head is taken");
    requireWeights(checkpoint);
  }

  /** The config, and whether it is that of the model that is computed. */
  static void keys(Path folder, Path file) {
    Checkpoint.open(folder);
    Optional<String> changing = ForeignKeys.changing(DataFile.of(file).bytes());
    unless(changing.isEmpty(), "read, though " + changing.orElse(""));
  }

  /** The config, and whether a model that it fits has these weights. */
  static void config(Path folder, Path file) {
    ModelConfig config = ModelConfig.read(file);
    unless(ModelConfig.read(file).equals(config), "another config the second time");
    Checkpoint checkpoint = Checkpoint.open(folder);
    long[] queries = checkpoint.tensor(ModelLayout.Role.QUERY.of(0)).shape();
    unless(
        queries[0] == (long) config.queryHeads() * config.headDim()
            && queries[1] == config.hidden(),
        config + " is not of these weights");
    checkpoint.modes();
    checkpoint.defaultMode();
    requireWeights(checkpoint);
  }

  /** A config to make a random checkpoint from. */
  static void recipe(Path folder, Path file) {
    unless(RandomCheckpoint.recipe(file.toString()).isObject(), "a recipe that is no object");
  }

  /** Loads the tokenizer, encodes a text, and decodes what comes out. */
  static void tokenizer(Path folder, Path file) {
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      requireTokens(tokenizer, TEXT);
    }
  }

  /** The same with texts that expressions and models of words take long for. */
  static void tokenizerOfTheGrammar(Path folder, Path file) {
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      TEXTS.forEach(text -> requireTokens(tokenizer, text));
    }
  }

  private static void requireTokens(TextTokenizer tokenizer, String text) {
    TextTokenizer.Tokens tokens = tokenizer.encode(text, VOCABULARY);
    int before = 0;
    for (int end : tokens.textEnds()) {
      unless(end >= before && end <= text.length(), "a token that ends at " + end);
      before = end;
    }
    unless(
        Arrays.equals(tokenizer.encode(text, VOCABULARY).ids(), tokens.ids()),
        "other tokens the second time");
    tokenizer.decode(tokens.ids());
  }

  /** What the files beside the model's configuration say of special tokens. */
  static void special(Path folder, Path file) {
    SpecialTokens tokens = SpecialTokens.read(folder);
    unless(SpecialTokens.read(folder).equals(tokens), "other tokens the second time");
    tokens
        .generationEnds()
        .ifPresent(ends -> ends.forEach(id -> unless(id >= 0, "a token of id " + id)));
  }
}

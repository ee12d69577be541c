package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.trainer.recipe.Packing;
import org.ssasuite.trainer.recipe.RowOrder;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class PreparationTest {
  private static final Path TOKENIZER =
      Path.of(System.getProperty("ssa.root"), "models", "ssa-mini");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  private static String lines(List<String> texts) {
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append(MAPPER.createObjectNode().put("id", 7).put("text", text)).append('\n');
    }
    return lines.toString();
  }

  private Path corpus(String name, String content) throws IOException {
    byte[] plain = content.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    if (name.endsWith(".zst")) {
      packed.write(Zstd.compress(plain));
    } else {
      try (OutputStream out =
          name.endsWith(".gz")
              ? new GZIPOutputStream(packed)
              : name.endsWith(".xz") ? new XZOutputStream(packed, new LZMA2Options()) : packed) {
        out.write(plain);
      }
    }
    return Files.write(folder.resolve(name), packed.toByteArray());
  }

  private Preparation.Request request(boolean drop, int threads, Path... corpora) {
    return request(drop, CorpusChanges.NONE, threads, corpora);
  }

  private Preparation.Request request(
      boolean drop, CorpusChanges changes, int threads, Path... corpora) {
    return new Preparation.Request(
        Arrays.stream(corpora).map(path -> new CorpusFile(path, "text")).toList(),
        TOKENIZER,
        OptionalInt.empty(),
        drop,
        changes,
        threads,
        folder.resolve("out"));
  }

  private int[] written(int tokens) {
    return tokens(folder.resolve("out/shard-00000.tokens"), tokens);
  }

  private static int[] tokens(Path file, int count) {
    NumberFile numbers = NumberFile.open(file, TokenWidth.UINT16);
    assertThat(numbers.count()).isEqualTo(count);
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = numbers.at(i);
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.jsonl.xz", "a.jsonl.zst"})
  void tokensAreTheTokenizersOwnWithAnEndBehindEachDocument(String name) throws IOException {
    List<String> texts = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (JsonNode vector : Golden.vectors("tokens.jsonl")) {
      texts.add(vector.get("text").textValue());
      StreamSupport.stream(vector.get("ids").spliterator(), false)
          .map(JsonNode::intValue)
          .forEach(expected::add);
      expected.add(1);
    }

    PreparedData data =
        Preparation.run(request(false, 3, corpus(name, lines(texts))), tokens -> {});

    assertThat(written(expected.size()))
        .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    assertThat(data.rows())
        .containsExactly(
            new PreparedData.Row(name, texts.size(), 0, 0, expected.size()),
            new PreparedData.Row("all", texts.size(), 0, 0, expected.size()));
  }

  /** "x" is one token, so each document takes two. */
  @ParameterizedTest
  @CsvSource({"false, 14", "true, 8"})
  void duplicatesAreCountedAndDroppedOnRequest(boolean drop, int tokens) throws IOException {
    Path a = corpus("a.jsonl", lines(List.of("x", "y", "x", "", "z")));
    Path b = corpus("b.jsonl", lines(List.of("y", "x", "w")));

    PreparedData data = Preparation.run(request(drop, 1, a, b), count -> {});

    assertThat(data.duplicatesDropped()).isEqualTo(drop);
    assertThat(data.rows()).extracting(PreparedData.Row::duplicates).containsExactly(1L, 2L, 3L);
    assertThat(data.rows()).extracting(PreparedData.Row::empty).containsExactly(1L, 0L, 1L);
    assertThat(data.rows()).extracting(PreparedData.Row::documents).containsExactly(5L, 3L, 8L);
    assertThat(data.rows().get(2).tokens()).isEqualTo(tokens);
    written(tokens);
  }

  @Test
  void threadsChangeNoByte() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add("line ".repeat(i * 7 % 50) + i);
    }
    Path corpus = corpus("a.jsonl", lines(texts));
    PreparedData one = Preparation.run(request(false, 1, corpus), count -> {});
    Files.move(folder.resolve("out"), folder.resolve("first"));

    PreparedData many = Preparation.run(request(false, 4, corpus), count -> {});

    assertThat(many.json()).isEqualTo(one.json());
  }

  @Test
  void preparedDataIsReadBack() throws IOException {
    Path corpus = corpus("a.jsonl", lines(List.of("x", "y", "x")));
    PreparedData prepared = Preparation.run(request(false, 1, corpus), count -> {});

    try (TrainingData data =
        TrainingFiles.open(
            folder.resolve("out"), SmallRows.spec(Packing.STREAM, RowOrder.FILE, 5, 1, 0))) {
      assertThat(data.batch(0).inputs()).containsExactly(89, 1, 90, 1, 89);
      assertThat(data.digest()).isEqualTo(prepared.digest());
      assertThat(data.distinctTokens()).isEqualTo(6);
    }
  }

  /** {@code ~} stands for a line feed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"text\": \"a\"}~{\"text\": \"b|line 2, offset ",
        "{\"text\": \"a\"}~{\"text\": \"b\"}}~|line 2, offset ",
        "{\"text\": \"a\"}~~{\"texts\": \"b\"}~|line 3: field 'text' is missing",
        "{\"text\": \"a\"}~{\"texts\": \"b\"}~|line 2: field 'text' is missing",
        "{\"text\": 5}~|line 1: field 'text' is not a string",
        "[]~|line 1, offset 0: not a JSON object",
      })
  void brokenCorpusNamesFileAndLine(String content, String fact) throws IOException {
    Path corpus = corpus("broken.jsonl", content.replace('~', '\n'));

    assertThatThrownBy(() -> Preparation.run(request(false, 2, corpus), count -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(corpus + ": " + fact);
    assertThat(folder.resolve("out").resolve(ShardManifest.FILE)).doesNotExist();
  }

  @Test
  void truncatedPackedCorpusIsRefused() throws IOException {
    Path corpus = corpus("cut.jsonl.zst", lines(List.of("some text", "more text")));
    byte[] bytes = Files.readAllBytes(corpus);
    Files.write(corpus, Arrays.copyOf(bytes, bytes.length - 3));

    assertThatThrownBy(() -> Preparation.run(request(false, 1, corpus), count -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching(
            Pattern.quote(corpus + ": truncated") + "( or corrupt)? in line [12](: .*)?");
  }

  @Test
  void folderWithSomethingInItIsRefused() throws IOException {
    Path corpus = corpus("a.jsonl", lines(List.of("x")));
    Files.createDirectory(folder.resolve("out"));
    Files.writeString(folder.resolve("out/old"), "");

    assertThatThrownBy(() -> Preparation.run(request(false, 1, corpus), count -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("out: the folder is not empty");
  }

  @Test
  void tokenizerThatNamesNoEndIsRefused() throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Files.copy(TOKENIZER.resolve("tokenizer.json"), bare.resolve("tokenizer.json"));

    assertThatThrownBy(() -> CorpusTokenizer.load(bare, OptionalInt.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(bare + ": has no tokenizer_config.json that names the end token");
    try (CorpusTokenizer tokenizer = CorpusTokenizer.load(bare, OptionalInt.of(3))) {
      assertThat(tokenizer.endToken()).isEqualTo(3);
      assertThat(tokenizer.vocabulary()).isEqualTo(4096);
    }
  }

  @Test
  void changesDoNotDependOnThreads() throws IOException {
    String book = "The carpenter went home. Nobody had seen the lantern there. ".repeat(200);
    Path corpus = corpus("a.jsonl", lines(List.of(book, book + "Then", "short", book + "So")));
    CorpusChanges changes = new CorpusChanges(0.5, 0.3, 7);

    String one = Preparation.run(request(false, changes, 1, corpus), tokens -> {}).digest();
    delete(folder.resolve("out"));
    PreparedData four = Preparation.run(request(false, changes, 4, corpus), tokens -> {});

    assertThat(four.digest()).isEqualTo(one);
    assertThat(MAPPER.readTree(four.json()).at("/changes/recall_documents").intValue())
        .isPositive();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}

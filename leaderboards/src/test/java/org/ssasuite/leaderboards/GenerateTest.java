package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** Greedy continuation through the command line, by a trained miniature. */
class GenerateTest {
  @TempDir static Path folder;
  private static Path prompt;

  @BeforeAll
  static void writePrompt() throws IOException {
    prompt = Files.writeString(folder.resolve("prompt.txt"), "It was the best of times, it was");
  }

  private static JsonNode generate(Object... more) throws IOException {
    Outcome outcome = type(more);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private static Outcome type(Object... more) {
    Object[] words = {"generate", "--model", "ssa-mini", "--mode", "sparse"};
    return Terminal.type(Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray());
  }

  @Test
  void writesAsManyTokensAsAskedFor() throws IOException {
    JsonNode written = generate("--text", prompt, "--max-tokens", 12);

    assertThat(written.get("ids")).hasSize(12);
    assertThat(written.get("text").textValue()).isNotBlank();
  }

  @Test
  void stopStringIsCutFromTheText() throws IOException {
    String whole = generate("--text", prompt, "--max-tokens", 12).get("text").textValue();
    String stop = whole.substring(4, 7);

    JsonNode stopped = generate("--text", prompt, "--max-tokens", 12, "--stop", stop);

    assertThat(stopped.get("text").textValue()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(stopped.get("ids").size()).isLessThan(12);
  }

  @Test
  void everyTokenIsTheMostProbableOne() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "5 17 400 23");
    JsonNode written = generate("--ids", ids, "--max-tokens", 5).get("ids");
    StringBuilder all = new StringBuilder("5 17 400 23");
    written.forEach(id -> all.append(' ').append(id.asInt()));
    Files.writeString(ids, all);

    Outcome rated =
        Terminal.type("logprobs", "--model", "ssa-mini", "--mode", "sparse", "--ids", ids);

    ObjectMapper mapper = new ObjectMapper();
    for (String line : rated.out().lines().skip(3).toList()) {
      JsonNode token = mapper.readTree(line);
      assertThat(token.get("argmax")).isEqualTo(token.get("id"));
    }
  }

  @Test
  void chunksChangeNothing() {
    Object[] asked = {"--text", prompt, "--max-tokens", 6};
    Object[] chunked = {"--text", prompt, "--max-tokens", 6, "--chunk", 3};

    assertThat(type(chunked).out()).isEqualTo(type(asked).out()).isNotEmpty();
  }

  @Test
  void textIsAbsentWithoutATokenizer() throws IOException {
    Path bare = TinyModel.write(folder);
    Files.delete(bare.resolve("tokenizer.json"));
    Path ids = Files.writeString(folder.resolve("few.txt"), "5 17");
    Path out = folder.resolve("out.json");

    Outcome outcome =
        Terminal.type(
            "generate",
            "--model",
            bare,
            "--mode",
            "full",
            "--ids",
            ids,
            "--max-tokens",
            2,
            "--out",
            out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(Files.readString(out)).matches("\\{\"ids\": \\[[0-9, ]+\\]\\}\n");
  }

  @Test
  void stopStringNeedsATokenizer() throws IOException {
    Path bare = TinyModel.write(Files.createDirectories(folder.resolve("other")));
    Files.delete(bare.resolve("tokenizer.json"));
    Path ids = Files.writeString(folder.resolve("two.txt"), "5 17");

    Outcome outcome =
        Terminal.type(
            "generate",
            "--model",
            bare,
            "--mode",
            "full",
            "--ids",
            ids,
            "--max-tokens",
            2,
            "--stop",
            "x");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("has no tokenizer.json, so --stop cannot be used");
  }
}

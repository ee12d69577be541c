package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After each id the text is what decoding all ids gives, whatever their neighbours do to it. */
class WrittenTextTest {
  /** Characters of two, three and four bytes, in tokens of one byte, and the replacement one. */
  private static final String TEXT =
      "na\u00efve caf\u00e9 \u65e5\u672c\u8a9e \ud83d\ude00\ufffd\ufffd! \u00e9";

  private static final int VOCABULARY = 1 << 20;
  private static TextTokenizer bytes;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    bytes =
        TextTokenizer.load(
            Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json"));
  }

  @AfterAll
  static void close() {
    bytes.close();
  }

  private static int[] ids(String text) {
    return bytes.ids(text, VOCABULARY);
  }

  private static void assertGrowsAsDecoded(TextTokenizer tokenizer, int[] ids) {
    WrittenText text = new WrittenText(tokenizer);
    for (int i = 0; i < ids.length; i++) {
      text.add(ids[i]);
      assertThat(text.text())
          .as("after %s ids", i + 1)
          .isEqualTo(tokenizer.decode(Arrays.copyOf(ids, i + 1)));
    }
  }

  @Test
  void charactersMayLieAcrossTokens() {
    assertThat(bytes.decodesBytes()).isTrue();
    assertThat(ids("\u65e5\ud83d\ude00").length).isGreaterThan(3);
    assertGrowsAsDecoded(bytes, ids(TEXT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bytesMayBeNoCharacters(int seed) {
    int[] text = ids(TEXT);
    Random random = new Random(seed);

    assertGrowsAsDecoded(
        bytes, IntStream.range(0, 300).map(i -> text[random.nextInt(text.length)]).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void specialTokensHaveNoText(int seed) {
    assertGrowsAsDecoded(bytes, new Random(seed).ints(200, 0, 300).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 8})
  void aStopIsFoundWhereTheWholeTextHasItFirst(int seed) {
    List<String> stops = List.of("abab", "bba", "\ufffd", "caca");
    int[] letters = Stream.of("a", "b", "c").mapToInt(letter -> ids(letter)[0]).toArray();
    int half = ids("\u65e5")[0];
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      WrittenText text = new WrittenText(bytes);
      OptionalInt first = OptionalInt.empty();
      while (first.isEmpty()) {
        text.add(random.nextInt(60) == 0 ? half : letters[random.nextInt(letters.length)]);
        first = stops.stream().mapToInt(text.text()::indexOf).filter(at -> at >= 0).min();
        assertThat(text.firstOf(stops)).isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'WordPiece','prefix':'##','cleanup':true}",
        "{'type':'Sequence','decoders':["
            + "{'type':'Replace','pattern':{'String':'_'},'content':' '},{'type':'ByteFallback'},"
            + "{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}"
      })
  void otherDecodersLookAtAllIds(String decoder) throws IOException {
    List<String> tokens =
        List.of("a", "##b", "_c", ".", "<0xC3>", "<0xA9>", "<0xFF>", "_", "do", "not", "n\\'t");
    String vocabulary =
        IntStream.range(0, tokens.size())
            .mapToObj(i -> "'" + tokens.get(i) + "':" + i)
            .collect(Collectors.joining(","));
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        ("{'version':'1.0','truncation':null,'padding':null,'added_tokens':[],'normalizer':null,"
                + "'pre_tokenizer':null,'post_processor':null,'decoder':"
                + decoder
                + ",'model':{'type':'BPE','vocab':{"
                + vocabulary
                + "},'merges':[]}}")
            .replace("\\'", "\u2019")
            .replace('\'', '"'));
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      assertThat(tokenizer.decodesBytes()).isFalse();
      assertGrowsAsDecoded(tokenizer, new Random(9).ints(120, 0, tokens.size()).toArray());
    }
  }
}

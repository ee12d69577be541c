package org.ssasuite.runtime.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;

class NpyFileTest {
  @TempDir Path folder;

  /** A file made by NumPy, and what NumPy says is in it. */
  record Vector(String name, JsonNode facts) {
    byte[] npy() {
      return Base64.getDecoder().decode(facts.get("npy").asText());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> readable() {
    return golden().filter(g -> g.facts().get("reads").asBoolean());
  }

  static Stream<Vector> versionOne() {
    return readable().filter(g -> g.facts().get("version").asInt() == 1);
  }

  static Stream<Vector> foreign() {
    return golden().filter(g -> !g.facts().get("reads").asBoolean());
  }

  private static Stream<Vector> golden() {
    return Golden.vectors("npy.jsonl").stream()
        .map(facts -> new Vector(facts.get("name").asText(), facts));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npy"), bytes);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void readsWhatNumpyWrote(Vector golden) throws IOException {
    NpyArray array = NpyFile.read(file(golden.npy()));

    assertThat(array.descr()).isEqualTo(golden.facts().get("descr").asText());
    int[] shape = array.shape().stream().mapToInt(Integer::intValue).toArray();
    assertThat(shape).containsExactly(ints(golden.facts().get("shape")));
    JsonNode values = golden.facts().get("values");
    assertThat(array.size()).isEqualTo(values.size());
    for (int i = 0; i < values.size(); i++) {
      if (array instanceof NpyFloats floats) {
        assertThat(floats.values()[i]).isEqualTo((float) values.get(i).asDouble());
      } else if (array instanceof NpyInts integers) {
        assertThat(integers.values()[i]).isEqualTo(values.get(i).asInt());
      } else if (array instanceof NpyLongs longs) {
        assertThat(longs.values()[i]).isEqualTo(values.get(i).asLong());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versionOne")
  void writesTheBytesThatNumpyWrites(Vector golden) throws IOException {
    Path written = folder.resolve("b.npy");

    NpyFile.write(written, NpyFile.read(file(golden.npy())));

    assertThat(Files.readAllBytes(written)).isEqualTo(golden.npy());
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void refusesOtherKindsNamingTheFile(Vector golden) throws IOException {
    Path file = file(golden.npy());

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }

  @ParameterizedTest
  @MethodSource("readable")
  void everyTruncationIsBadInput(Vector golden) throws IOException {
    for (int length = 0; length < golden.npy().length; length++) {
      Path file = file(Arrays.copyOf(golden.npy(), length));

      assertThatThrownBy(() -> NpyFile.read(file)).isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void oneByteTooManyIsBadInput() throws IOException {
    byte[] npy = readable().findFirst().orElseThrow().npy();
    Path file = file(Arrays.copyOf(npy, npy.length + 1));

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("needs " + npy.length);
  }

  @Test
  void everyChangedHeaderByteIsReadOrBadInput() throws IOException {
    byte[] npy = readable().findFirst().orElseThrow().npy();
    for (int at = 0; at < 128; at++) {
      for (int change : new int[] {1, 0x20, 0x80, 0xff}) {
        byte[] mutant = npy.clone();
        mutant[at] ^= (byte) change;
        Path file = file(mutant);
        try {
          assertThat(NpyFile.read(file).size()).isEqualTo(6);
        } catch (BadInputException e) {
          assertThat(e).hasMessageStartingWith(file.toString());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, ), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999, ), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, ), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, ), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,), }",
        "{'descr': '<f4', 'fortran_order': False, }",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
        "[]",
        ""
      })
  void absurdHeadersAreBadInput(String header) throws IOException {
    Path file = file(withHeader(header, 4));

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void entriesMayComeInAnyOrder() throws IOException {
    Path file = file(withHeader("{\"shape\":(1,),'fortran_order':False,'descr':'<i4'}", 4));

    assertThat(NpyFile.read(file).shape()).containsExactly(1);
  }

  @Test
  void longArraysSurviveTheRoundTrip() {
    float[] values = new float[600_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.37f;
    }
    Path file = folder.resolve("long.npy");

    NpyFile.write(file, new NpyFloats(List.of(values.length), values));

    assertThat(((NpyFloats) NpyFile.read(file)).values()).isEqualTo(values);
  }

  @Test
  void missingFileIsBadInput() {
    assertThatThrownBy(() -> NpyFile.read(folder.resolve("none.npy")))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("no such file or folder");
  }

  @Test
  void folderIsBadInput() {
    assertThatThrownBy(() -> NpyFile.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("not a regular file");
  }

  @Test
  void fileInMissingFolderCannotBeWritten() {
    Path file = folder.resolve("none/a.npy");
    NpyInts array = new NpyInts(List.of(), new int[] {1});

    assertThatThrownBy(() -> NpyFile.write(file, array)).isInstanceOf(BadInputException.class);
  }

  @Test
  void shapeMustHoldTheElements() {
    assertThatThrownBy(() -> new NpyFloats(List.of(2, 3), new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 3]");
  }

  private static byte[] withHeader(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + dataBytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) text.length).put(text);
    return bytes.array();
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }
}

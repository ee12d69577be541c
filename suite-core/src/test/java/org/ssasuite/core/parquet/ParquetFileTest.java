package org.ssasuite.core.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

/** What a file of columns is read by, and what it is refused for. */
class ParquetFileTest {
  @TempDir private Path folder;

  @Test
  void fieldsThatNobodyAsksForAreNotRead() {
    List<ObjectNode> rows = new ArrayList<>();
    ParquetFile.open(ParquetFiles.golden("timestamp.parquet")).forEachRow(Set.of("t"), rows::add);
    assertThat(rows.toString()).isEqualTo("[{\"t\":\"a\"}]");
  }

  @Test
  void fieldsThatAreNotThereAreAbsent() {
    List<ObjectNode> rows = new ArrayList<>();
    ParquetFile.open(ParquetFiles.golden("map.parquet")).forEachRow(Set.of("t", "y"), rows::add);
    assertThat(rows.toString()).isEqualTo("[{\"t\":\"a\"}]");
  }

  @Test
  void columnsAndRowsAreKnownBeforeAnyIsRead() {
    ParquetFile file = ParquetFile.open(ParquetFiles.golden("struct-of-lists.parquet"));
    assertThat(file.columns()).containsExactly("id", "question", "choices", "answerKey");
    assertThat(file.rows()).isEqualTo(4);
  }

  @Test
  void timesAreRefusedByName() {
    refused(ParquetFiles.golden("timestamp.parquet"))
        .hasMessageEndingWith(": column 'x' is of type timestamp, which is not read");
  }

  @Test
  void decimalsAreRefusedByName() {
    refused(ParquetFiles.golden("decimal.parquet"))
        .hasMessageEndingWith(": column 'x' is of type decimal, which is not read");
  }

  @Test
  void bytesThatAreNoTextAreRefusedByName() {
    refused(ParquetFiles.golden("bytes.parquet"))
        .hasMessageEndingWith(
            ": column 'x' is of type bytes without a meaning (BYTE_ARRAY), which is not read");
  }

  @Test
  void mapsAreRefusedByName() {
    refused(ParquetFiles.golden("map.parquet"))
        .hasMessageEndingWith(": column 'x' is a map, which is not read");
  }

  @Test
  void brotliIsRefusedByName() {
    refused(ParquetFiles.golden("brotli.parquet"))
        .hasMessageEndingWith(
            ": column 't': is packed by BROTLI; UNCOMPRESSED, SNAPPY, GZIP, ZSTD and LZ4_RAW are"
                + " read");
  }

  @Test
  void aChangedPageIsSeenByItsCheckSum() throws IOException {
    byte[] bytes = ParquetFiles.bytes("checked-pages.parquet");
    int place = ParquetFiles.placeOf(bytes, "What ran?".getBytes(StandardCharsets.UTF_8));
    bytes[place] = 'w';
    refused(file(bytes))
        .hasMessageEndingWith(": column 'question': a page is corrupt: another check sum");
  }

  @Test
  void aFileThatWasCutOffIsSaidToBe() throws IOException {
    byte[] bytes = ParquetFiles.bytes("polars.parquet");
    refused(file(Arrays.copyOf(bytes, bytes.length - 1)))
        .hasMessageEndingWith(": is truncated, or no Parquet file: it does not end as one");
  }

  @Test
  void anEmptyFileIsNone() throws IOException {
    refused(file(new byte[0])).hasMessageEndingWith(": is no Parquet file: it has 0 bytes");
  }

  @Test
  void anotherFilesBytesAreNone() throws IOException {
    refused(file("{\"a\": 1, \"b\": 2}".getBytes(StandardCharsets.UTF_8)))
        .hasMessageEndingWith(": is no Parquet file: it does not begin as one");
  }

  @Test
  void anEncryptedFooterIsSaidToBe() throws IOException {
    byte[] bytes = ParquetFiles.bytes("polars.parquet");
    bytes[bytes.length - 1] = 'E';
    refused(file(bytes)).hasMessageEndingWith(": is encrypted");
  }

  @Test
  void aFooterLongerThanTheFileIsRefused() throws IOException {
    byte[] bytes = ParquetFiles.bytes("polars.parquet");
    bytes[bytes.length - 5] = 0x7F;
    refused(file(bytes)).hasMessageMatching(".*: states a footer of 21307\\d+ bytes");
  }

  @Test
  void aPointerOfGitIsNotTheFile() throws IOException {
    refused(file("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("Git LFS pointer");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> ParquetFile.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": is a folder, not a regular file");
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.parquet"), bytes);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(Path file) {
    return assertThatThrownBy(() -> ParquetFile.open(file).forEachRow(row -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ");
  }
}

package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.recipe.Packing;
import org.ssasuite.trainer.recipe.RowOrder;

class TrainingFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void writeShards() {
    SmallRows.write(folder, List.of(new int[] {2, 3, 4}, new int[] {5}), 100);
  }

  private void refused(Path data, int length, String message) {
    assertThatThrownBy(
            () ->
                TrainingFiles.open(
                    data, SmallRows.spec(Packing.STREAM, RowOrder.FILE, length, 1, 0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message);
  }

  /** The data's manifest with another piece where it first has this one. */
  private Path manifestWith(String piece, String other) throws IOException {
    Path manifest = folder.resolve("data.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceFirst(Pattern.quote(piece), other));
    return manifest;
  }

  @Test
  void changedTokensAreRefused() throws IOException {
    Path tokens = folder.resolve("shard-00000.tokens");
    byte[] bytes = Files.readAllBytes(tokens);
    bytes[0]++;
    Files.write(tokens, bytes);

    refused(folder, 4, tokens + ": has changed since it was written: SHA-256 ");
  }

  @Test
  void changedDocumentsAreRefused() throws IOException {
    Path documents = folder.resolve("shard-00000.documents");
    Files.write(documents, new byte[8]);

    refused(folder, 4, documents + ": has changed since it was written: SHA-256 ");
  }

  @Test
  void missingShardIsRefused() throws IOException {
    Path tokens = folder.resolve("shard-00000.tokens");
    Files.delete(tokens);

    refused(folder, 4, tokens + ": no such file or folder");
  }

  @Test
  void shardThatIsNamedTwiceIsRefused() throws IOException {
    String text = Files.readString(folder.resolve("data.json"));
    int list = text.indexOf("\"shards\"");
    String shard = text.substring(text.indexOf('{', list), text.indexOf('}', list) + 1);
    Path manifest = manifestWith(shard, Matcher.quoteReplacement(shard + ", " + shard));

    refused(folder, 4, manifest + ": 'shard-00000' stands twice among its shards");
  }

  @Test
  void folderWithoutManifestIsRefused() throws IOException {
    Files.delete(folder.resolve("data.json"));

    refused(folder, 4, folder.resolve("data.json") + ": no such file or folder");
  }

  @Test
  void shardOutsideTheFolderIsRefused() throws IOException {
    Path manifest = manifestWith("\"shard-00000\"", "\"../shard-00000\"");

    refused(folder, 4, manifest + ": ");
  }

  @Test
  void otherNumberOfTokensIsRefused() throws IOException {
    Path manifest = manifestWith("\"tokens\" : 6", "\"tokens\" : 7");

    refused(folder, 4, manifest + ": does not fit the shards that it names");
  }

  @Test
  void otherEndTokenIsRefused() throws IOException {
    Path manifest = manifestWith("\"end_token\" : 1", "\"end_token\" : 2");

    refused(folder, 4, manifest + ": ends documents with token 2, the model with 1");
  }

  @Test
  void largerVocabularyIsRefused() throws IOException {
    Path manifest = manifestWith("\"vocabulary\" : 4096", "\"vocabulary\" : 4097");

    refused(folder, 4, manifest + ": its tokenizer has 4097 ids, the model 4096");
  }

  @Test
  void dataShorterThanARowIsRefused() {
    refused(folder, 6, folder + ": has no whole row of 6 tokens");
  }

  @Test
  void idOutsideTheVocabularyIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("tokens.bin"), new byte[] {1, 0, 2, 0, 0, 16});

    refused(file, 2, file + ": token 2 is 4096; the vocabulary has 4096 ids");
  }

  @Test
  void fileOfHalvesIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("tokens.bin"), new byte[] {1, 0, 2});

    refused(file, 2, file + ": has 3 bytes, no multiple of 2");
  }

  @Test
  void missingFileIsRefused() {
    refused(folder.resolve("none"), 2, folder.resolve("none") + ": no such file or folder");
  }
}

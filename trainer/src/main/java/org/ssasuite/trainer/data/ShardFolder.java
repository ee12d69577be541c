package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;

/** Reads what {@link ShardWriter} wrote. */
final class ShardFolder {
  private ShardFolder() {}

  /**
   * Opens all shards of a folder, and compares their digests.
   *
   * @throws BadInputException if a file is missing, or is not the one that was written
   */
  static DocumentStore open(Path folder, ShardManifest manifest) {
    List<NumberFile> tokens = new ArrayList<>();
    List<NumberFile> documents = new ArrayList<>();
    for (ShardManifest.Shard shard : manifest.shards()) {
      tokens.add(opened(shard.tokens(folder), manifest.width(), shard.tokensSha256()));
      documents.add(opened(shard.documents(folder), TokenWidth.UINT32, shard.documentsSha256()));
    }
    TokenStream stream = new TokenStream(tokens);
    long count = documents.stream().mapToLong(NumberFile::count).sum();
    if (count != manifest.documents()
        || stream.tokens() != manifest.tokens()
        || !ShardManifest.digestOf(manifest.shards()).equals(manifest.digest())) {
      throw new BadInputException(
          folder.resolve(ShardManifest.FILE), "does not fit the shards that it names");
    }
    if (count > Integer.MAX_VALUE) {
      throw new BadInputException(folder, "has " + count + " documents, more than 2^31 − 1");
    }
    return new DocumentStore(stream, new Lengths(documents, (int) count), manifest.digest());
  }

  private static NumberFile opened(Path file, TokenWidth width, String digest) {
    NumberFile numbers = NumberFile.open(file, width);
    if (!numbers.digest().equals(digest)) {
      throw new BadInputException(
          file,
          "has changed since it was written: SHA-256 " + numbers.digest() + ", not " + digest);
    }
    return numbers;
  }

  private record Lengths(List<NumberFile> parts, int count) implements DocumentLengths {
    @Override
    public int tokens(int document) {
      long at = document;
      for (NumberFile part : parts) {
        if (at < part.count()) {
          return part.at(at);
        }
        at -= part.count();
      }
      throw new IndexOutOfBoundsException("document " + document);
    }
  }
}

package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/** Reads what {@link ShardWriter} wrote. */
final class ShardFolder {
  private ShardFolder() {}

  /**
   * Maps all shards of a folder, having compared their digests.
   *
   * @throws BadInputException if a file is missing, or is not the one that was written
   */
  static DocumentStore open(Path folder, ShardManifest manifest) {
    List<MappedNumbers> tokens = new ArrayList<>();
    List<MappedNumbers> documents = new ArrayList<>();
    for (ShardManifest.Shard shard : manifest.shards()) {
      requireDigest(shard.tokens(folder), shard.tokensSha256());
      requireDigest(shard.documents(folder), shard.documentsSha256());
      tokens.add(MappedNumbers.open(shard.tokens(folder), manifest.width()));
      documents.add(MappedNumbers.open(shard.documents(folder), TokenWidth.UINT32));
    }
    TokenStream stream = new TokenStream(tokens);
    long count = documents.stream().mapToLong(MappedNumbers::count).sum();
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

  private static void requireDigest(Path file, String digest) {
    String found = Digests.sha256(file);
    if (!found.equals(digest)) {
      throw new BadInputException(
          file, "has changed since it was written: SHA-256 " + found + ", not " + digest);
    }
  }

  private record Lengths(List<MappedNumbers> parts, int count) implements DocumentLengths {
    @Override
    public int tokens(int document) {
      long at = document;
      for (MappedNumbers part : parts) {
        if (at < part.count()) {
          return part.at(at);
        }
        at -= part.count();
      }
      throw new IndexOutOfBoundsException("document " + document);
    }
  }
}

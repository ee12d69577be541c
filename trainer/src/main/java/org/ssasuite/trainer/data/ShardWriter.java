package org.ssasuite.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/**
 * Writes documents into shards: {@code shard-00000.tokens} holds ids with an end token behind each
 * document, {@code shard-00000.documents} the length of each without it, as uint32. A document is
 * never divided. Mutable, one owner.
 */
final class ShardWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final TokenWidth width;
  private final int endToken;
  private final long mostTokens;
  private final List<ShardManifest.Shard> finished = new ArrayList<>();

  private Out tokens;
  private Out documents;

  /**
   * A writer into a folder that exists.
   *
   * @param mostTokens of a shard, unless one document alone has more
   */
  ShardWriter(Path folder, TokenWidth width, int endToken, long mostTokens) {
    this.folder = folder;
    this.width = width;
    this.endToken = endToken;
    this.mostTokens = mostTokens;
    begin();
  }

  private String name() {
    return String.format(Locale.ROOT, "shard-%05d", finished.size());
  }

  private void begin() {
    tokens = new Out(folder.resolve(name() + ".tokens"));
    documents = new Out(folder.resolve(name() + ".documents"));
  }

  /** Appends a document of one token or more. */
  void add(int[] ids) {
    if (tokens.count > 0 && tokens.count + ids.length + 1 > mostTokens) {
      end();
      begin();
    }
    for (int id : ids) {
      tokens.put(width, id);
    }
    tokens.put(width, endToken);
    documents.put(TokenWidth.UINT32, ids.length);
  }

  /** Ends the last shard and gives all of them. */
  List<ShardManifest.Shard> finish() {
    end();
    return List.copyOf(finished);
  }

  private void end() {
    tokens.close();
    documents.close();
    finished.add(
        new ShardManifest.Shard(
            name(),
            documents.count,
            tokens.count,
            Digests.sha256(tokens.file),
            Digests.sha256(documents.file)));
  }

  /** Closes files that nobody finished; they are no data without a manifest. */
  @Override
  public void close() {
    tokens.close();
    documents.close();
  }

  /** One growing file. */
  private static final class Out {
    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    Out(Path file) {
      this.file = file;
      try {
        this.channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
    }

    void put(TokenWidth width, int id) {
      if (buffer.remaining() < width.bytes()) {
        drain();
      }
      width.put(buffer, id);
      count++;
    }

    private void drain() {
      buffer.flip();
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
      buffer.clear();
    }

    void close() {
      if (!channel.isOpen()) {
        return;
      }
      try (channel) {
        drain();
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
    }
  }
}

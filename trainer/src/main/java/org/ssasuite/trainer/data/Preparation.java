package org.ssasuite.trainer.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/**
 * Turns texts into shards of tokens: documents in their order, each tokenised as a whole, nothing
 * added but an end token behind it.
 */
public final class Preparation {
  /** 512 MiB of uint16. */
  private static final long MOST_TOKENS_OF_A_SHARD = 1L << 28;

  /** Documents that wait for their turn, per thread. */
  private static final int QUEUED = 4;

  private final Request request;
  private final LongConsumer progress;
  private final DigestSet seen = new DigestSet();
  private final WrappedLines lines;
  private final RecallDocuments recall;
  private final List<ShardManifest.Corpus> corpora = new ArrayList<>();
  private long recallDocuments;

  /**
   * What is to be done.
   *
   * @param corpora files, in their order; a file twice is read twice
   * @param tokenizer folder of {@code tokenizer.json} and {@code tokenizer_config.json}
   * @param endToken instead of the tokenizer's {@code eos_token}
   * @param dropDuplicates whether texts that an earlier document has are left out
   * @param changes made to the documents that are kept
   * @param threads that tokenise; never changes a byte
   * @param out a folder that does not exist or is empty
   */
  public record Request(
      List<CorpusFile> corpora,
      Path tokenizer,
      OptionalInt endToken,
      boolean dropDuplicates,
      CorpusChanges changes,
      int threads,
      Path out) {
    public Request {
      corpora = List.copyOf(corpora);
      if (corpora.isEmpty() || threads < 1) {
        throw new IllegalArgumentException(corpora.size() + " corpora, " + threads + " threads");
      }
    }
  }

  private Preparation(Request request, LongConsumer progress) {
    this.request = request;
    this.progress = progress;
    CorpusChanges changes = request.changes();
    this.lines = new WrappedLines(changes.wrapped(), changes.seed());
    this.recall = new RecallDocuments(changes.recall(), changes.seed());
  }

  /**
   * Prepares the data.
   *
   * @param progress gets the number of tokens of each document that was written
   * @throws BadInputException if a corpus or the tokenizer is no good, or the folder cannot be
   *     written or is not empty
   */
  public static PreparedData run(Request request, LongConsumer progress) {
    for (CorpusFile corpus : request.corpora()) {
      if (!Files.isReadable(corpus.path()) || Files.isDirectory(corpus.path())) {
        throw new BadInputException(
            corpus.path(),
            Files.isDirectory(corpus.path()) ? "is a folder, not a file" : "no such file");
      }
    }
    try (CorpusTokenizer tokenizer =
        CorpusTokenizer.load(request.tokenizer(), request.endToken())) {
      requireEmpty(request.out());
      return new PreparedData(new Preparation(request, progress).manifest(tokenizer));
    }
  }

  private static void requireEmpty(Path folder) {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
        if (content.iterator().hasNext()) {
          throw new BadInputException(folder, "the folder is not empty");
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }

  private ShardManifest manifest(CorpusTokenizer tokenizer) {
    TokenWidth width = TokenWidth.of(tokenizer.vocabulary());
    List<ShardManifest.Shard> shards;
    ExecutorService threads = Executors.newFixedThreadPool(request.threads());
    try (ShardWriter writer =
        new ShardWriter(request.out(), width, tokenizer.endToken(), MOST_TOKENS_OF_A_SHARD)) {
      for (CorpusFile corpus : request.corpora()) {
        corpora.add(new Reading(tokenizer, threads, writer).all(corpus));
      }
      shards = writer.finish();
    } finally {
      threads.shutdownNow();
    }
    ShardManifest manifest =
        new ShardManifest(
            ShardManifest.SCHEMA,
            tokenizer.digest(),
            tokenizer.vocabulary(),
            tokenizer.endToken(),
            width,
            shards.stream().mapToLong(ShardManifest.Shard::documents).sum(),
            shards.stream().mapToLong(ShardManifest.Shard::tokens).sum(),
            corpora.stream().mapToLong(ShardManifest.Corpus::duplicates).sum(),
            request.dropDuplicates(),
            corpora.stream().mapToLong(ShardManifest.Corpus::empty).sum(),
            corpora,
            shards,
            request.changes().any()
                ? Optional.of(new ShardManifest.Changes(request.changes(), recallDocuments))
                : Optional.empty(),
            ShardManifest.digestOf(shards));
    manifest.write(request.out());
    return manifest;
  }

  /** One corpus on its way through the threads into the shards. Mutable, one owner. */
  private final class Reading {
    private final CorpusTokenizer tokenizer;
    private final ExecutorService threads;
    private final ShardWriter writer;
    private final ArrayDeque<Future<int[]>> waiting = new ArrayDeque<>();

    private long documents;
    private long tokens;
    private long duplicates;
    private long empty;

    Reading(CorpusTokenizer tokenizer, ExecutorService threads, ShardWriter writer) {
      this.tokenizer = tokenizer;
      this.threads = threads;
      this.writer = writer;
    }

    ShardManifest.Corpus all(CorpusFile corpus) {
      corpus.forEach((line, text) -> take(text));
      while (!waiting.isEmpty()) {
        writeFirst();
      }
      return new ShardManifest.Corpus(
          corpus.path().getFileName().toString(),
          Digests.sha256(corpus.path()),
          documents,
          tokens,
          duplicates,
          empty);
    }

    private void take(String text) {
      documents++;
      if (!seen.add(text)) {
        duplicates++;
        if (request.dropDuplicates()) {
          return;
        }
      }
      enqueue(text);
      for (String document : recall.behind(text)) {
        recallDocuments++;
        enqueue(document);
      }
    }

    private void enqueue(String text) {
      String document = lines.of(text);
      waiting.add(threads.submit(() -> tokenizer.ids(document)));
      if (waiting.size() > QUEUED * request.threads()) {
        writeFirst();
      }
    }

    private void writeFirst() {
      int[] ids = result(waiting.remove());
      if (ids.length == 0) {
        empty++;
        return;
      }
      writer.add(ids);
      tokens += ids.length + 1L;
      progress.accept(ids.length + 1L);
    }

    private int[] result(Future<int[]> future) {
      try {
        return future.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while tokenising", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BadInputException bad) {
          throw bad;
        }
        throw new IllegalStateException("tokenising failed", e.getCause());
      }
    }
  }
}

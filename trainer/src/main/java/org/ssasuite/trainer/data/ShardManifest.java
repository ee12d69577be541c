package org.ssasuite.trainer.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.StrictJson;

/**
 * What lies in a folder of shards; its file, {@code data.json}, is written last.
 *
 * @param tokenizer SHA-256 of {@code tokenizer.json} as it lies on the disk
 * @param vocabulary ids that the tokenizer has, gaps counted
 * @param endToken stands behind each document
 * @param tokens in all shards, end tokens included
 * @param duplicates documents whose text an earlier one has too
 * @param duplicatesDropped whether they were left out; else they are among the documents
 * @param empty documents without a token, which are left out
 * @param changes made to the documents before they were tokenised; absent where none were
 * @param digest SHA-256 of the shards' digests, see {@link #digestOf}
 */
record ShardManifest(
    String schema,
    String tokenizer,
    int vocabulary,
    int endToken,
    TokenWidth width,
    long documents,
    long tokens,
    long duplicates,
    boolean duplicatesDropped,
    long empty,
    List<Corpus> corpora,
    List<Shard> shards,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Changes> changes,
    String digest) {
  static final String SCHEMA = "ssasuite/token-shards/1";
  static final String FILE = "data.json";

  private static final long MAX_BYTES = 64L << 20;
  private static final StrictJson JSON = new StrictJson(List.of());

  /**
   * One file of texts.
   *
   * @param sha256 of the file as it lies on the disk
   * @param documents lines
   */
  record Corpus(
      String name, String sha256, long documents, long tokens, long duplicates, long empty) {}

  /**
   * One pair of files.
   *
   * @param name without the ending
   */
  record Shard(
      String name, long documents, long tokens, String tokensSha256, String documentsSha256) {
    private static final Pattern NAME = Pattern.compile("shard-[0-9]{5,9}");

    Shard {
      // It becomes a path: none that leads out of the folder.
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is no shard's name");
      }
    }

    Path tokens(Path folder) {
      return folder.resolve(name + ".tokens");
    }

    Path documents(Path folder) {
      return folder.resolve(name + ".documents");
    }
  }

  /**
   * What was made of the documents.
   *
   * @param wrapped chance of a document that its lines were broken
   * @param recall share of characters that recall documents were to get
   * @param seed of both
   * @param recallDocuments that were put in; among the documents of all, of their corpus's tokens
   */
  record Changes(double wrapped, double recall, long seed, long recallDocuments) {
    Changes(CorpusChanges asked, long recallDocuments) {
      this(asked.wrapped(), asked.recall(), asked.seed(), recallDocuments);
    }
  }

  ShardManifest {
    Objects.requireNonNull(width);
    corpora = List.copyOf(corpora);
    shards = List.copyOf(shards);
    Set<String> names = new HashSet<>();
    for (Shard shard : shards) {
      if (!names.add(shard.name())) {
        throw new IllegalArgumentException("'" + shard.name() + "' stands twice among its shards");
      }
    }
  }

  /** Of the digests of all shards, tokens before documents, a line feed behind each. */
  static String digestOf(List<Shard> shards) {
    return Digests.sha256(
        shards.stream()
            .flatMap(shard -> Stream.of(shard.tokensSha256(), shard.documentsSha256()))
            .map(digest -> digest + "\n"));
  }

  /** Writes the file into a folder that has all shards. */
  void write(Path folder) {
    AtomicFile.write(folder.resolve(FILE), JSON.document(this));
  }

  /** The text of the file. */
  String text() {
    return JSON.document(this);
  }

  /**
   * Reads a folder's file.
   *
   * @throws BadInputException if there is none, or it is anything else
   */
  static ShardManifest read(Path folder) {
    return JSON.read(
        new DataFile(folder.resolve(FILE), MAX_BYTES),
        SCHEMA,
        ShardManifest.class,
        ShardManifest::complete);
  }

  private static void complete(JsonNode tree) {
    if (tree instanceof ObjectNode object && !object.has("changes")) {
      object.putNull("changes");
    }
  }
}

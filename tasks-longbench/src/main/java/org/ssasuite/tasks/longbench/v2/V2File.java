package org.ssasuite.tasks.longbench.v2;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.python.PythonText;

/**
 * LongBench v2's records, from up to three files by the length of their documents.
 *
 * @param digest of the unpacked contents of all files
 */
public record V2File(List<V2Item> items, String digest) {
  private static final String FOLDER = "longbench_v2";
  private static final List<String> PARTS = List.of("short", "medium", "long");

  public V2File {
    items = List.copyOf(items);
  }

  /** Whether any of the files is there. */
  public static boolean exists(Path data, HubData hub) {
    return !files(data).isEmpty() || hub.find(PublishedSet.LONGBENCH_V2, Split.TRAIN).isPresent();
  }

  /**
   * Reads those files that are there, else the one split that hubs have.
   *
   * @throws BadInputException if none is, or for a record that is broken
   */
  public static V2File read(Path data) {
    List<RecordFiles> files = new ArrayList<>(files(data).stream().map(RecordFiles::of).toList());
    if (files.isEmpty()) {
      files.add(published(data));
    }
    List<V2Item> items = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (RecordFiles file : files) {
      file.forEach(
          line -> {
            V2Item item = item(line);
            if (!ids.add(item.id())) {
              throw line.bad("_id " + item.id() + " is there already");
            }
            items.add(item);
          });
      digests.addAll(file.digests());
    }
    if (items.isEmpty()) {
      throw new BadInputException(files.get(0).path(), "no record in it");
    }
    return new V2File(
        items, digests.size() == 1 ? digests.get(0) : Digests.sha256(String.join("\n", digests)));
  }

  /** The files of a hub's layout that are read. */
  public static List<String> published(HubData hub) {
    return hub.described(
        PARTS.stream().map(part -> FOLDER + "/" + part + ".jsonl").toList(),
        PublishedSet.LONGBENCH_V2,
        Split.TRAIN);
  }

  private static RecordFiles published(Path data) {
    HubData hub = HubData.in(data);
    return hub.find(PublishedSet.LONGBENCH_V2, Split.TRAIN)
        .orElseThrow(
            () ->
                hub.missing(
                    PublishedSet.LONGBENCH_V2,
                    Split.TRAIN,
                    new BadInputException(
                        data.resolve(FOLDER),
                        "holds none of short.jsonl, medium.jsonl, long.jsonl, packed or not")));
  }

  private static List<DataFile> files(Path data) {
    return PARTS.stream()
        .flatMap(part -> DataFile.find(data, FOLDER + "/" + part + ".jsonl").stream())
        .toList();
  }

  private static V2Item item(JsonLine line) {
    int answer = V2Item.LETTERS.indexOf(line.text("answer"));
    if (answer < 0 || line.text("answer").length() != 1) {
      throw line.bad("field 'answer' is none of A, B, C, D");
    }
    return new V2Item(
        line.text("_id"),
        stripped(line, "question"),
        V2Item.LETTERS
            .chars()
            .mapToObj(letter -> stripped(line, "choice_" + (char) letter))
            .toList(),
        answer,
        stripped(line, "context"),
        line.text("difficulty"),
        line.text("length"),
        line.text("domain"),
        retrieved(line));
  }

  private static String stripped(JsonLine line, String field) {
    return PythonText.strip(line.text(field));
  }

  /** Upstream's {@code retrieved_context}: pieces with their place in the document. */
  private static Optional<List<String>> retrieved(JsonLine line) {
    JsonNode all = line.object().get("retrieved_context");
    if (all == null || all.isNull()) {
      return Optional.empty();
    }
    List<JsonNode> pieces = new ArrayList<>();
    all.forEach(pieces::add);
    if (!all.isArray()
        || !pieces.stream()
            .allMatch(p -> p.path("content").isTextual() && p.path("c_idx").isInt())) {
      throw line.bad("field 'retrieved_context' is not a list of objects with content and c_idx");
    }
    pieces.sort(Comparator.comparingInt(piece -> piece.get("c_idx").intValue()));
    return Optional.of(
        IntStream.range(0, pieces.size())
            .mapToObj(
                i ->
                    "Retrieved chunk "
                        + (i + 1)
                        + ": "
                        + line.whole("retrieved_context", pieces.get(i).get("content").textValue()))
            .toList());
  }
}

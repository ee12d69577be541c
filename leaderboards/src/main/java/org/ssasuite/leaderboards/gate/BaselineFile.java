package org.ssasuite.leaderboards.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.run.TaskIdJson;

/** A {@link Baseline} as JSON. */
final class BaselineFile {
  /** A sample takes some 200 bytes: half a million of them. */
  private static final long MAX_BYTES = 128L << 20;

  private static final StrictJson JSON = new StrictJson(List.of(TaskIdJson.form()));

  private BaselineFile() {}

  /** The whole text of the file, with the digest of what it says. */
  static String text(Baseline baseline) {
    Optional<String> digest =
        baseline.schema().equals(Baseline.SCHEMA)
            ? Optional.of(digest(baseline))
            : Optional.empty();
    return JSON.document(with(baseline, digest));
  }

  /** SHA-256 of the baseline's line of JSON without the digest. */
  private static String digest(Baseline baseline) {
    return Digests.sha256(JSON.line(with(baseline, Optional.empty())));
  }

  private static Baseline with(Baseline baseline, Optional<String> digest) {
    return new Baseline(
        baseline.schema(), baseline.version(), baseline.commit(), baseline.rows(), digest);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws BadInputException if the file is anything else, or was changed since
   */
  static Baseline read(Path file) {
    Baseline baseline =
        JSON.read(
            new DataFile(file, MAX_BYTES),
            List.of(Baseline.SCHEMA, Baseline.FIRST_SCHEMA),
            Baseline.class,
            BaselineFile::complete);
    if (baseline.schema().equals(Baseline.SCHEMA)
        && !baseline.sha256().equals(Optional.of(digest(baseline)))) {
      throw new BadInputException(
          file, "was changed since it was written: its rows have not the SHA-256 that it states");
    }
    return baseline;
  }

  /** The first files state no digest, and of tasks the names alone. */
  private static void complete(JsonNode tree) {
    if (tree instanceof ObjectNode fields
        && Baseline.FIRST_SCHEMA.equals(tree.path("schema").textValue())) {
      if (!fields.has("sha256")) {
        fields.putNull("sha256");
      }
      tree.path("rows").forEach(row -> TaskIdJson.complete(row.path("task")));
    }
  }
}

package org.ssasuite.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;

/**
 * Where a run's numbers come from; written before the first request.
 *
 * @param commit the source commit, with {@code +dirty} behind it if the tree was changed; absent
 *     outside a checkout
 * @param models each model in each mode, with the digests of its files
 * @param data per task, the digest of its data; {@code model/task} where models have different data
 * @param libraries names and digests or versions of what computed: operator library, ONNX Runtime,
 *     and under {@link #PROGRAM} all of the program
 * @param rows what is going to be in the results; none in files of {@link #FIRST_SCHEMA}
 * @param startedSeconds seconds since 1970
 * @param shard the part of the run that is done here, which has no results by itself; absent, and
 *     then not written: all of it
 * @param published per task, the files in a hub's layout that it was made from, which split of
 *     which data set each is; empty, and then not written, where there is none
 */
public record RunManifest(
    String schema,
    RunSpec spec,
    String version,
    Optional<String> commit,
    Machine machine,
    List<ModelCard> models,
    Map<String, String> data,
    Map<String, String> libraries,
    List<PlannedRow> rows,
    long startedSeconds,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Shard> shard,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<String>> published) {
  public static final String SCHEMA = "ssasuite/manifest/2";

  /** Of runs whose files carry no digests. */
  public static final String FIRST_SCHEMA = "ssasuite/manifest/1";

  /** The library that is the program itself; not stated by its first versions. */
  public static final String PROGRAM = "program";

  public RunManifest {
    if (!schema.equals(SCHEMA) && !schema.equals(FIRST_SCHEMA)) {
      throw new IllegalArgumentException("schema " + schema + ", not " + SCHEMA);
    }
    rows = List.copyOf(rows);
    if (schema.equals(FIRST_SCHEMA) && !rows.isEmpty()) {
      throw new IllegalArgumentException("schema " + schema + " has no rows");
    }
    Objects.requireNonNull(spec);
    Objects.requireNonNull(version);
    Objects.requireNonNull(commit);
    Objects.requireNonNull(machine);
    models = List.copyOf(models);
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
    libraries = Collections.unmodifiableSortedMap(new TreeMap<>(libraries));
    published = Collections.unmodifiableSortedMap(new TreeMap<>(published));
    if (shard.isPresent()) {
      requireWithin(shard.get(), rows);
    }
  }

  /** Of a run that is done in one place. */
  public RunManifest(
      String schema,
      RunSpec spec,
      String version,
      Optional<String> commit,
      Machine machine,
      List<ModelCard> models,
      Map<String, String> data,
      Map<String, String> libraries,
      List<PlannedRow> rows,
      long startedSeconds) {
    this(
        schema,
        spec,
        version,
        commit,
        machine,
        models,
        data,
        libraries,
        rows,
        startedSeconds,
        Optional.empty(),
        Map.of());
  }

  private static void requireWithin(Shard shard, List<PlannedRow> rows) {
    if (shard.units().size() != rows.size()) {
      throw new IllegalArgumentException(
          "a shard of " + shard.units().size() + " rows in a run of " + rows.size());
    }
    for (int i = 0; i < rows.size(); i++) {
      List<SampleRange> units = shard.units().get(i);
      if (!units.isEmpty() && units.get(units.size() - 1).to() > rows.get(i).samples()) {
        throw new IllegalArgumentException(
            rows.get(i).text() + " has no sample " + (units.get(units.size() - 1).to() - 1));
      }
    }
  }

  /** The same run, of files in a hub's layout. */
  public RunManifest withPublished(Map<String, List<String>> files) {
    return new RunManifest(
        schema,
        spec,
        version,
        commit,
        machine,
        models,
        data,
        libraries,
        rows,
        startedSeconds,
        shard,
        files);
  }

  /** The same run, a part of it or all of it. */
  public RunManifest with(Optional<Shard> part) {
    return with(startedSeconds, part);
  }

  /** The same run, begun at another time. */
  RunManifest begun(long seconds) {
    return with(seconds, shard);
  }

  private RunManifest with(long started, Optional<Shard> part) {
    return new RunManifest(
        schema, spec, version, commit, machine, models, data, libraries, rows, started, part,
        published);
  }

  /**
   * In what this run is not the same as it would be in another place, the device that answers
   * aside: {@code spec.limit is 20 there, 10 here}.
   *
   * @param here what the same spec comes to in the other place
   */
  public List<String> differences(RunManifest here) {
    return ManifestDifferences.asideDevices(this, here);
  }

  /** The model card of a row; each row has one, unless the file was made by hand. */
  Optional<ModelCard> card(PlannedRow row) {
    return models.stream()
        .filter(card -> card.name().equals(row.model()) && card.mode().equals(row.mode()))
        .findFirst();
  }

  /**
   * Reads a manifest wherever it lies.
   *
   * @throws org.ssasuite.core.BadInputException if the file is anything else
   */
  public static RunManifest read(DataFile file) {
    return RunJson.manifest(file);
  }

  /** The whole text of its file. */
  public String text() {
    return RunJson.document(this);
  }

  /**
   * What {@link #text} made.
   *
   * @throws org.ssasuite.core.BadInputException if it is anything else
   */
  public static RunManifest parse(String text) {
    return RunJson.manifest(text);
  }

  /** The tasks of one model, with the digest of the data that it has them with. */
  public Map<String, String> dataOf(String model) {
    Map<String, String> own = new TreeMap<>();
    String prefix = model + "/";
    data.forEach(
        (key, digest) -> {
          if (key.startsWith(prefix)) {
            own.put(key.substring(prefix.length()), digest);
          } else if (key.indexOf('/') < 0) {
            own.put(key, digest);
          }
        });
    return own;
  }
}

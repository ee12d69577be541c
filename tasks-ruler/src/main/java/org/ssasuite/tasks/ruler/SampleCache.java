package org.ssasuite.tasks.ruler;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.files.ZstdLibrary;
import org.ssasuite.tasks.ruler.generator.RulerSample;

/**
 * Sets of samples that were made before, a file each, named by the digest of what decides about
 * them. A file that is truncated or was changed counts as absent: the samples are made again.
 */
final class SampleCache {
  private static final String SCHEMA = "ssasuite/ruler-samples/1";

  private final Path folder;

  /** Nothing is read or written yet. */
  SampleCache(Path folder) {
    this.folder = folder.resolve("ruler");
  }

  /**
   * The first samples of a set.
   *
   * @throws BadInputException if they cannot be made or written
   */
  SampleSet get(SetKey key, int count, SampleMaker maker) {
    Path file = folder.resolve(key.digest() + ".jsonl.zst");
    Optional<List<RulerSample>> known = read(file, key);
    if (known.isPresent() && known.get().size() >= count) {
      return SampleSet.of(known.get().subList(0, count), key.version(), key.length());
    }
    SampleSet made = SampleSet.of(maker.make(count), key.version(), key.length());
    write(file, made);
    return made;
  }

  private static Optional<List<RulerSample>> read(Path file, SetKey key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<RulerSample> samples = new ArrayList<>();
    List<JsonLine> ends = new ArrayList<>();
    try {
      DataFile.of(file)
          .forEachOwnJsonLine(
              line -> {
                if (line.object().has("schema")) {
                  ends.add(line);
                } else {
                  samples.add(SampleForm.sample(line));
                }
              });
      boolean whole =
          ends.size() == 1
              && ends.get(0).text("schema").equals(SCHEMA)
              && ends.get(0)
                  .text("sha256")
                  .equals(SampleSet.of(samples, key.version(), key.length()).digest());
      return whole ? Optional.of(samples) : Optional.empty();
    } catch (BadInputException | IllegalArgumentException e) {
      // Whatever the file holds, it is not what was written: it is made again.
      return Optional.empty();
    }
  }

  private void write(Path file, SampleSet set) {
    try {
      ZstdLibrary.locate();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(packed)) {
      out.setChecksum(true);
      for (RulerSample sample : set.samples()) {
        writeLine(SampleForm.line(sample), out);
      }
      // Last, so that a file without its end has no digest.
      writeLine("{\"schema\": \"" + SCHEMA + "\", \"sha256\": \"" + set.digest() + "\"}", out);
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
    AtomicFile.write(file, packed.toByteArray());
  }

  private static void writeLine(String line, ZstdOutputStream out) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}

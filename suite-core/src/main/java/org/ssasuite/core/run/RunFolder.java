package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.task.TaskId;

/**
 * What one run leaves on disk: {@code manifest.json} first, a {@code samples.jsonl} per model, mode
 * and task, {@code results.json} last. One owner.
 */
public final class RunFolder {
  private static final String MANIFEST = "manifest.json";
  private static final String SAMPLES = "samples.jsonl";
  private static final String RESULTS = "results.json";

  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@+=";

  /** A result of a hundred models on a hundred tasks is below 10 MiB. */
  private static final long MAX_RESULT_BYTES = 256L << 20;

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder, or takes one that holds no run.
   *
   * @throws BadInputException if a run is there, or the folder cannot be made
   */
  public static RunFolder create(Path path) {
    for (String file : List.of(MANIFEST, RESULTS)) {
      if (Files.exists(path.resolve(file))) {
        throw new BadInputException(path, "holds a run already (" + file + ")");
      }
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
    return new RunFolder(path);
  }

  public Path path() {
    return path;
  }

  /** Before the first request. */
  public void writeManifest(RunManifest manifest) {
    AtomicFile.write(path.resolve(MANIFEST), RunJson.document(manifest));
  }

  /**
   * The log at {@code <model>/<mode>/<task>/samples.jsonl}; the caller closes it.
   *
   * @throws BadInputException if it is there already, or cannot be made
   */
  public SampleLog samples(ModelCard model, TaskId task) {
    return SampleLog.create(
        path.resolve(folderName(model.name()))
            .resolve(folderName(model.mode().replace(':', '-')))
            .resolve(task.name())
            .resolve(SAMPLES));
  }

  /** After the last sample: its presence says that the run is finished. */
  public void writeResults(RunResult result) {
    AtomicFile.write(path.resolve(RESULTS), RunJson.document(result));
  }

  /**
   * The results of a finished run.
   *
   * @throws BadInputException if the file is missing, truncated, of another version or malformed
   */
  public static RunResult readResults(Path folder) {
    return RunJson.result(new DataFile(folder.resolve(RESULTS), MAX_RESULT_BYTES));
  }

  /**
   * A name that any file system takes and that no other name maps to: bytes beyond letters, digits
   * and a few signs become {@code %XX}, and so does a leading point.
   */
  static String folderName(String name) {
    StringBuilder folder = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = PLAIN.indexOf(b) >= 0 || (b == '.' && folder.length() > 0);
      if (plain) {
        folder.append((char) b);
      } else {
        folder.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return folder.toString();
  }
}

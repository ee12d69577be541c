package org.ssasuite.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.run.Machine;

/**
 * Where a run's numbers come from; written before the first step.
 *
 * @param recipe SHA-256 of the run's {@code recipe.json}
 * @param data digest of the training tokens
 * @param start {@code seed}, or the digest of the weights that the run started from
 * @param device cpu or cuda
 * @param threads of the CPU, on which libtorch's sums depend
 * @param attention the kernels that attention ran on
 * @param commit of the sources; absent outside a checkout
 * @param program SHA-256 of all that the program is made of; absent in runs of its first versions
 */
public record TrainManifest(
    String schema,
    String recipe,
    String data,
    String start,
    String device,
    int threads,
    String attention,
    String version,
    Optional<String> commit,
    Optional<String> program,
    Machine machine) {
  public static final String SCHEMA = "ssasuite/train-manifest/1";

  private static final long MAX_BYTES = 1L << 20;
  private static final StrictJson JSON = new StrictJson(List.of());

  public TrainManifest {
    Objects.requireNonNull(schema);
    Objects.requireNonNull(recipe);
    Objects.requireNonNull(data);
    Objects.requireNonNull(start);
    Objects.requireNonNull(device);
    Objects.requireNonNull(attention);
    Objects.requireNonNull(version);
    Objects.requireNonNull(commit);
    Objects.requireNonNull(program);
    Objects.requireNonNull(machine);
  }

  /**
   * Writes it, or makes sure that the run which is there already is this one.
   *
   * @throws BadInputException if it is another one
   */
  void settle(Path file) {
    if (!Files.exists(file)) {
      AtomicFile.write(file, JSON.document(this));
      return;
    }
    TrainManifest there = read(file);
    require(file, "recipe", there.recipe, recipe);
    require(file, "training tokens", there.data, data);
    require(file, "starting weights", there.start, start);
    require(file, "device", there.device, device);
    require(file, "number of threads", "" + there.threads, "" + threads);
    require(file, "attention kernels", there.attention, attention);
    if (there.program.isPresent() && program.isPresent()) {
      require(file, "program", there.program.get(), program.get());
    } else {
      require(file, "commit", there.commit.orElse("none"), commit.orElse("none"));
    }
    require(file, "processor", there.machine.processor(), machine.processor());
  }

  /**
   * Reads a run's.
   *
   * @throws BadInputException if there is none, or it is anything else
   */
  static TrainManifest read(Path file) {
    return JSON.read(
        new DataFile(file, MAX_BYTES), SCHEMA, TrainManifest.class, TrainManifest::complete);
  }

  private static void complete(JsonNode tree) {
    if (tree instanceof ObjectNode fields && !fields.has("program")) {
      fields.putNull("program");
    }
  }

  private static void require(Path file, String what, String there, String here) {
    if (!there.equals(here)) {
      throw new BadInputException(
          file, "this run has another " + what + ": " + there + ", not " + here);
    }
  }
}

package org.ssasuite.trainer.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.trainer.attention.AttentionKernels;
import org.ssasuite.trainer.data.TrainingData;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.group.Group;
import org.ssasuite.trainer.recipe.TrainSpec;

/**
 * What a run is made of.
 *
 * @param start weights to start from; absent: drawn from the specification's seed
 * @param tokenizer files that every checkpoint gets
 * @param group the processes that train together, each with its share of a step's micro-batches
 * @param out the run's folder, which exists
 */
public record TrainingSetup(
    TrainSpec spec,
    TrainingData data,
    Optional<Checkpoint> start,
    List<Path> tokenizer,
    Engine engine,
    AttentionKernels kernels,
    Provenance provenance,
    RunOptions options,
    Group group,
    Path out) {
  /**
   * Which program runs.
   *
   * @param attention what the kernels are called
   * @param commit of the sources; absent outside a checkout
   * @param program SHA-256 of all that the program is made of, where that is known
   */
  public record Provenance(
      String attention, String version, Optional<String> commit, Optional<String> program) {
    /** Of a program that does not know what it is made of. */
    public Provenance(String attention, String version, Optional<String> commit) {
      this(attention, version, commit, Optional.empty());
    }
  }

  public TrainingSetup {
    Objects.requireNonNull(spec);
    if (spec.batch().accumulation() % group.size() != 0) {
      throw new BadInputException(
          "recipe",
          "batch.accumulation is "
              + spec.batch().accumulation()
              + ", which "
              + group.size()
              + " processes cannot share");
    }
    Objects.requireNonNull(data);
    Objects.requireNonNull(start);
    tokenizer = List.copyOf(tokenizer);
    Objects.requireNonNull(engine);
    Objects.requireNonNull(kernels);
    Objects.requireNonNull(provenance);
    Objects.requireNonNull(options);
    Objects.requireNonNull(group);
    Objects.requireNonNull(out);
  }
}

package org.ssasuite.leaderboards.train;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.group.Group;
import org.ssasuite.trainer.group.Joined;
import org.ssasuite.trainer.group.Rendezvous;
import org.ssasuite.trainer.recipe.KernelChoice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How many processes train together. Filled by the command line and, as torchrun does, the
 * environment.
 */
final class RankFlags {
  private static final int MOST = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description =
          "Train on N GPUs of this host (with --device cpu: in N processes). Steps have the same rows"
              + " for any N that divides the recipe's accumulation. On several hosts, start one process per"
              + " GPU as torchrun does, with RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT.")
  private Integer gpus;

  private static Optional<Rendezvous> meeting() {
    return Rendezvous.of(System.getenv());
  }

  /** Whether this process is to start the ones that train. */
  boolean startsOthers() {
    if (gpus != null && (gpus < 1 || gpus > MOST)) {
      throw new BadInputException("--gpus", "must be 1 to " + MOST + ", not " + gpus);
    }
    return gpus != null && gpus > 1 && meeting().isEmpty();
  }

  /**
   * Starts them and waits; the status of the first that failed.
   *
   * @param accumulation micro-batches that they share
   */
  int start(int accumulation) {
    if (accumulation % gpus != 0) {
      throw new BadInputException(
          "--gpus " + gpus, "cannot share the recipe's batch.accumulation of " + accumulation);
    }
    List<String> words = command.root().commandLine().getParseResult().originalArgs();
    return new RankProcesses(gpus, words).run();
  }

  /** The number of this process's device. */
  int device() {
    return meeting().map(Rendezvous::localRank).orElse(0);
  }

  /** The processes that train together: those that the environment speaks of, or this one alone. */
  Group group(Engine engine, KernelChoice kernels, Console console) {
    Optional<Rendezvous> meeting = meeting();
    if (meeting.isEmpty() || meeting.get().size() == 1) {
      return Group.alone();
    }
    Rendezvous m = meeting.get();
    return Joined.meet(
        m,
        engine,
        kernels == KernelChoice.DETERMINISTIC,
        gone -> {
          // One speaks: rank 0, or the next if it is the one.
          if (m.rank() == (gone == 0 ? 1 : 0)) {
            console
                .err()
                .println(
                    "ssa: rank "
                        + gone
                        + " of "
                        + m.size()
                        + " is gone; rank "
                        + m.rank()
                        + " ends, the last checkpoint is whole");
          }
          // The training thread may be waiting for the one that is gone.
          Runtime.getRuntime().halt(ExitStatus.INCOMPLETE.code());
        });
  }
}

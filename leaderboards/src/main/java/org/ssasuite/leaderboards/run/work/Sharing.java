package org.ssasuite.leaderboards.run.work;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Units of work shared out among workers: the longest first, each to whoever has least to do so
 * far. The last to be done is at most a third later than it could be (R. Graham, 1969: 4/3 − 1/3n),
 * and where no unit is long, by no more than one unit.
 *
 * @param units of each worker, in the order in which they were given out
 */
public record Sharing(List<List<WorkUnit>> units) {
  /** Equal ones in the order of the run, so that every worker shares them out in the same way. */
  private static final Comparator<WorkUnit> LONGEST_FIRST =
      Comparator.comparingDouble(WorkUnit::seconds)
          .reversed()
          .thenComparing(WorkUnit::row)
          .thenComparing(unit -> unit.samples().from());

  public Sharing {
    units = units.stream().map(List::copyOf).toList();
  }

  /** Mutable, while units are given out. */
  private static final class Worker {
    private final int number;
    private final List<WorkUnit> units = new ArrayList<>();
    private double seconds;

    Worker(int number) {
      this.number = number;
    }

    void take(WorkUnit unit) {
      units.add(unit);
      seconds += unit.seconds();
    }
  }

  /** Shares units out. */
  public static Sharing of(List<WorkUnit> units, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException(workers + " workers");
    }
    List<Worker> all = Stream.iterate(0, i -> i + 1).limit(workers).map(Worker::new).toList();
    PriorityQueue<Worker> idlest =
        new PriorityQueue<>(
            Comparator.<Worker>comparingDouble(worker -> worker.seconds)
                .thenComparing(worker -> worker.number));
    idlest.addAll(all);
    for (WorkUnit unit : units.stream().sorted(LONGEST_FIRST).toList()) {
      Worker worker = idlest.remove();
      worker.take(unit);
      idlest.add(worker);
    }
    return new Sharing(all.stream().map(worker -> worker.units).toList());
  }

  /** When the last worker is done, if all begin together and units take what is expected. */
  public double seconds() {
    return units.stream().mapToDouble(Sharing::seconds).max().orElse(0);
  }

  /** The share of that time in which workers work. */
  public double busy() {
    double all = units.stream().mapToDouble(Sharing::seconds).sum();
    return all == 0 ? 1 : all / (seconds() * units.size());
  }

  private static double seconds(List<WorkUnit> units) {
    return units.stream().mapToDouble(WorkUnit::seconds).sum();
  }
}

package org.ssasuite.core.catalogue;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a user says about all tasks of a run; each takes of it what it has a use for.
 *
 * @param lengths each task that has a length once at each; a task of several at all of them
 * @param shots of every task that has some
 * @param seeds each task that draws something once with each
 * @param limit the first so many samples of each task
 * @param own what only the tasks of one module know
 */
public record Wishes(
    List<Integer> lengths,
    OptionalInt shots,
    List<Long> seeds,
    OptionalInt limit,
    Map<String, List<String>> own) {
  public Wishes {
    lengths = List.copyOf(new LinkedHashSet<>(lengths));
    Objects.requireNonNull(shots);
    seeds = List.copyOf(new LinkedHashSet<>(seeds));
    Objects.requireNonNull(limit);
    own = Collections.unmodifiableMap(new TreeMap<>(own));
  }

  /** None. */
  public static Wishes none() {
    return new Wishes(List.of(), OptionalInt.empty(), List.of(), OptionalInt.empty(), Map.of());
  }

  /** The same, the first so many samples of each task. */
  public Wishes withLimit(OptionalInt samples) {
    return new Wishes(lengths, shots, seeds, samples, own);
  }

  /** The complete orders that come of one, lengths before seeds, none twice. */
  Stream<TaskOrder> applied(TaskOrder order, TaskOffer offer, Supplies supplies) {
    Takes takes = offer.takes();
    Map<String, List<String>> itsOwn = new TreeMap<>(own);
    if (!lengths.isEmpty()) {
      itsOwn.put(Takes.LENGTHS, lengths.stream().map(String::valueOf).toList());
    }
    itsOwn.keySet().retainAll(takes.own());
    order.own().forEach(itsOwn::putIfAbsent);
    TaskOrder one = order.named(offer.name()).withOwn(itsOwn);
    if (takes.shots() && shots.isPresent()) {
      one = one.withShots(shots.getAsInt());
    }
    if (limit.isPresent()) {
      one = one.withLimit(limit.getAsInt());
    }
    Stream<TaskOrder> sized =
        takes.length() && !lengths.isEmpty()
            ? lengths.stream().map(one::withLength)
            : Stream.of(one);
    Stream<TaskOrder> drawn =
        takes.seed() && !seeds.isEmpty()
            ? sized.flatMap(each -> seeds.stream().map(each::withSeed))
            : sized;
    return drawn.map(each -> offer.completed(each, supplies)).distinct();
  }
}

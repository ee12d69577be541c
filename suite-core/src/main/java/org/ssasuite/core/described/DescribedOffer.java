package org.ssasuite.core.described;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/**
 * The task of a descriptor.
 *
 * @param files the rows, and where shots come from if that is another file
 */
record DescribedOffer(DescriptorFile file, List<Path> files) implements TaskOffer {
  /** Of the protocol: how a descriptor is read. */
  private static final String PROTOCOL = "described-1";

  DescribedOffer {
    files = List.copyOf(files);
  }

  @Override
  public TaskId id() {
    Descriptor described = file.descriptor();
    return new TaskId(DescribedTasks.SUITE, described.name(), described.version());
  }

  private Kind kind() {
    return file.descriptor().kind();
  }

  @Override
  public Takes takes() {
    boolean shots = kind().shots().isPresent();
    Set<String> own =
        new HashSet<>(
            Set.of(DescribedTasks.DESCRIPTOR, DescribedTasks.DATA, DescribedTasks.DATA_DIGESTS));
    if (kind().begins()) {
      own.add(BosOrder.OWN);
    }
    return new Takes(kind().length().isPresent(), shots, shots, false, own);
  }

  /** Reads the data for its digests where the order has none. */
  @Override
  public TaskOrder completed(TaskOrder order, Supplies supplies) {
    int shots = order.shots().orElse(kind().shots().map(Shots::count).orElse(0));
    Map<String, List<String>> own = new TreeMap<>(order.own());
    own.put(DescribedTasks.DESCRIPTOR, List.of(file.text()));
    own.put(DescribedTasks.DATA, files.stream().map(Path::toString).toList());
    own.computeIfAbsent(
        DescribedTasks.DATA_DIGESTS, absent -> read(shots).stream().map(RowFile::digest).toList());
    TaskOrder complete = TaskOrder.of(name()).withOwn(own);
    OptionalInt limit = order.limit().isPresent() ? order.limit() : file.descriptor().limit();
    if (limit.isPresent()) {
      complete = complete.withLimit(limit.getAsInt());
    }
    if (kind().length().isPresent()) {
      complete = complete.withLength(tokens(order));
    }
    return kind().shots().isPresent() ? shot(complete, shots, order) : complete;
  }

  private int tokens(TaskOrder order) {
    int tokens = order.length().orElse(kind().length().orElseThrow());
    if (tokens < kind().leastTokens()) {
      throw new BadInputException(
          "task " + name(),
          "needs a length of " + kind().leastTokens() + " tokens or more, not " + tokens);
    }
    return tokens;
  }

  /** Without shots nothing is drawn, so that every seed gives the same task. */
  private TaskOrder shot(TaskOrder complete, int shots, TaskOrder order) {
    long own = kind().shots().orElseThrow().seed();
    return complete.withShots(shots).withSeed(shots == 0 ? own : order.seed().orElse(own));
  }

  /** The files that a number of shots makes a task read. */
  private List<Path> read(int shots) {
    return shots > 0 ? files : files.subList(0, 1);
  }

  @Override
  public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
    DescribedTask<?> task = made(order, variant);
    return kind().tokenizerBegins()
        ? BosOrder.asTokenizersHaveIt(order, task)
        : BosOrder.withoutByItself(order, task);
  }

  private DescribedTask<?> made(TaskOrder order, Variant variant) {
    if (!order.task().equals(name())) {
      throw new BadInputException("task " + order.task(), "is called " + name() + " by its file");
    }
    Frame frame = new Frame(id().in(variant), protocol(order), order.length());
    return kind().task(frame, Material.read(file.descriptor(), files, order));
  }

  private String protocol(TaskOrder order) {
    List<String> terms = new ArrayList<>(List.of(PROTOCOL, kind().name()));
    terms.addAll(kind().terms(order.length()));
    if (order.shots().isPresent()) {
      terms.add(order.shots().getAsInt() + "-shot");
      terms.add("seed-" + order.seed().orElseThrow());
    }
    terms.add("sha256-" + file.digest());
    return String.join("/", terms);
  }

  @Override
  public Stream<String> lines(TaskOrder order, Supplies supplies) {
    return made(order, Variant.NONE).lines(order.limit().orElse(Integer.MAX_VALUE));
  }

  /** {@code requests}, 64 hex digits: SHA-256 of the lines that are shown, each with its end. */
  @Override
  public List<String> fingerprints(TaskOrder order, Supplies supplies) {
    return List.of("requests " + Digests.sha256(lines(order, supplies).map(line -> line + "\n")));
  }
}

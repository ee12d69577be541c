package org.ssasuite.runtime.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ssasuite.runtime.engine.Device;

/**
 * What the attention operator may be asked for beside its answer: the list that graphs, sessions
 * and observations go by. {@code ops/asked.h} has the same list, in the same order, and says what
 * the numbers are. A graph has all entries' inputs or none; those of no elements ask for nothing.
 */
public enum AttentionAsk {
  /** Sums of attention statistics, to which a call adds. */
  STATISTICS(
      EnumSet.allOf(Device.class),
      Optional.of(Figures.of("sums", "S", "B", "sums_width")),
      Input.numbers("statistics", "N"),
      Input.numbers("ranges", "S", "2"),
      Input.sums("totals", "L", "S", "B", "sums_width")),

  /** How much of full attention's mass lies on stretches of keys. */
  SPAN_MASSES(
      EnumSet.of(Device.CPU),
      Optional.of(Figures.of("masses", "R", "HQ", "2")),
      Input.numbers("span_queries", "S", "2"),
      Input.numbers("spans", "span_rows", "3")),

  /** Blocks that are taken before all others. */
  FORCED_BLOCKS(
      EnumSet.of(Device.CPU), Optional.empty(), Input.numbers("forced", "forced_rows", "3"));

  private static final String SEQUENCES = "S";
  private static final Pattern SIZE = Pattern.compile("[0-9]+");

  // Collections that cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Device> devices;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Optional<Figures> figures;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Input> inputs;

  AttentionAsk(Set<Device> devices, Optional<Figures> figures, Input... inputs) {
    this.devices = Collections.unmodifiableSet(devices);
    this.figures = figures;
    this.inputs = List.of(inputs);
  }

  /**
   * An input of the operator.
   *
   * @param axes sizes, or names of those that differ from run to run
   */
  public record Input(String name, GraphBuilder.Type type, List<String> axes) {
    public Input {
      axes = List.copyOf(axes);
    }

    private static Input numbers(String name, String... axes) {
      return new Input(name, GraphBuilder.Type.INT64, List.of(axes));
    }

    private static Input sums(String name, String... axes) {
      return new Input(name, GraphBuilder.Type.DOUBLE, List.of(axes));
    }

    /**
     * Whether each sequence has one row; else rows begin with their sequence's number, which
     * ascends, and there may be any number of them.
     */
    public boolean rowPerSequence() {
      return axes.get(0).equals(SEQUENCES);
    }

    /** Numbers in a row of an input of two axes. */
    public int columns() {
      return Integer.parseInt(axes.get(1));
    }

    /** The shape of no elements. */
    public long[] emptyShape() {
      return axes.stream()
          .mapToLong(axis -> SIZE.matcher(axis).matches() ? Long.parseLong(axis) : 0)
          .toArray();
    }
  }

  /** A layer's fp64 output. */
  private record Figures(String name, List<String> axes) {
    static Figures of(String name, String... axes) {
      return new Figures(name, List.of(axes));
    }
  }

  /** Those that a device's operator takes, in their order. */
  public static List<AttentionAsk> on(Device device) {
    return Arrays.stream(values()).filter(ask -> ask.devices.contains(device)).toList();
  }

  /** Where the operator takes it. */
  public Set<Device> devices() {
    return devices;
  }

  public List<Input> inputs() {
    return inputs;
  }

  /**
   * Name of a layer's output.
   *
   * @throws IllegalStateException for what gives nothing back
   */
  public String output(int layer) {
    return name(
        figures.orElseThrow(() -> new IllegalStateException(this + " has no output")), layer);
  }

  private static String name(Figures figures, int layer) {
    return figures.name() + "_" + layer;
  }

  /** Declares a graph's inputs of all entries. */
  static void declareInputs(GraphBuilder graph, Device device) {
    for (AttentionAsk ask : on(device)) {
      for (Input input : ask.inputs) {
        graph.input(input.name(), input.type(), input.axes().toArray(String[]::new));
      }
    }
  }

  /** Adds a layer's inputs and outputs of all entries to the node's own. */
  static void attach(
      GraphBuilder graph, Device device, int layer, List<String> inputs, List<String> outputs) {
    for (AttentionAsk ask : on(device)) {
      ask.inputs.forEach(input -> inputs.add(input.name()));
      ask.figures.ifPresent(
          figures -> {
            outputs.add(name(figures, layer));
            graph.output(
                name(figures, layer),
                GraphBuilder.Type.DOUBLE,
                figures.axes().toArray(String[]::new));
          });
    }
  }
}

package org.ssasuite.runtime.observation;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.statistics.QueryRange;

/** All that is watched in one run of the model: the value that goes with it to the operators. */
public final class RunWatch {
  private final List<Sequence> sequences;

  /**
   * One sequence of a run.
   *
   * @param positions of the tokens that the run computes
   * @param watches of the sequence; those that look elsewhere are passed over
   */
  public record Sequence(QueryRange positions, List<Watch> watches) {
    public Sequence {
      watches = watches.stream().filter(watch -> watch.looksAt(positions)).toList();
    }

    private Optional<Watch> by(Probe probe) {
      return watches.stream().filter(watch -> watch.probe().equals(probe)).findFirst();
    }
  }

  /** The sequences in the run's order. */
  public RunWatch(List<Sequence> sequences) {
    this.sequences = List.copyOf(sequences);
  }

  private Set<Probe> probes() {
    Set<Probe> probes = new LinkedHashSet<>();
    sequences.forEach(each -> each.watches().forEach(watch -> probes.add(watch.probe())));
    return probes;
  }

  /** What the graph gets for it. */
  public Map<String, OnnxTensor> inputs() {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (Probe probe : probes()) {
      List<Optional<Watch>> watching = new ArrayList<>();
      sequences.forEach(each -> watching.add(each.by(probe)));
      probe
          .inputs(watching)
          .forEach(
              (name, tensor) -> {
                if (inputs.put(name, tensor) != null) {
                  throw new IllegalStateException("two probes of one run give " + name);
                }
              });
    }
    return inputs;
  }

  /** The graph's outputs that it reads. */
  public Set<String> outputs(int layers) {
    Set<String> outputs = new LinkedHashSet<>();
    probes().forEach(probe -> outputs.addAll(probe.outputs(layers)));
    return outputs;
  }

  /** Hands what the run gave to the watches. */
  public void deliver(OnnxSession.Outputs read) {
    RunOutputs outputs = new RunOutputs(read);
    int row = 0;
    for (int s = 0; s < sequences.size(); s++) {
      Sequence sequence = sequences.get(s);
      RunPart part = new RunPart(outputs, s, row, sequence.positions());
      sequence.watches().forEach(watch -> watch.take(part));
      row += sequence.positions().queries();
    }
  }
}

package org.ssasuite.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Response;
import org.ssasuite.runtime.observation.Probe;
import org.ssasuite.runtime.observation.RequestWatch;

/** How a request is answered. */
sealed interface Plan {
  /** What its observations ask of the operators: plans that ask the same go together. */
  Set<Probe> probes();

  /**
   * By passes through the model.
   *
   * @param passes none where there is nothing to rate
   * @param reader makes the answer of what they give
   */
  record Rating(List<Pass> passes, AnswerReader reader) implements Plan {
    public Rating {
      passes = List.copyOf(passes);
    }

    @Override
    public Set<Probe> probes() {
      Set<Probe> probes = new HashSet<>();
      passes.forEach(pass -> pass.watches().forEach(watch -> probes.add(watch.probe())));
      return probes;
    }
  }

  /**
   * By writing on.
   *
   * @param fit of the prompt
   */
  record Writing(GreedyDecoder.Job job, ContextFit fit, RequestWatch watch) implements Plan {
    @Override
    public Set<Probe> probes() {
      Set<Probe> probes = new HashSet<>();
      job.watches().forEach(watch -> probes.add(watch.probe()));
      return probes;
    }
  }

  /**
   * By two passes side by side.
   *
   * @param ids what both read; fewer than two: there is nothing to compare
   * @param reference the mode of side A
   */
  @SuppressWarnings("ArrayRecordComponent") // made here, compared by nobody
  record Comparing(int[] ids, AttentionMode reference, ContextFit fit) implements Plan {
    @Override
    public Set<Probe> probes() {
      return Set.of();
    }
  }

  /** Reads what a plan's passes gave. */
  interface AnswerReader {
    Response read(List<? extends RatedPass> results);
  }
}

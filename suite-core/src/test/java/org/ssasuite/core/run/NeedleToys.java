package org.ssasuite.core.run;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

/**
 * Doublings whose needle is the number, and a script for a model in a mode that selects blocks: of
 * four samples the first is never looked at, the second lost by the selection (every other time it
 * is right when it is asked again), the third missed all the same, the fourth right.
 */
record NeedleToys(ToyTask toys) implements Task<ToySample> {
  static final TextSpan NUMBER = new TextSpan(4, 5);

  @Override
  public TaskId id() {
    return toys.id();
  }

  @Override
  public String protocol() {
    return toys.protocol();
  }

  @Override
  public String dataDigest() {
    return toys.dataDigest();
  }

  @Override
  public Stream<ToySample> samples() {
    return toys.samples();
  }

  @Override
  public List<Request<?>> requests(ToySample sample) {
    return toys.requests(sample);
  }

  @Override
  public Score score(ToySample sample, List<Response> responses) {
    return toys.score(sample, responses);
  }

  @Override
  public Aggregate aggregate() {
    return toys.aggregate();
  }

  @Override
  public Optional<Needles> needles(ToySample sample) {
    return Optional.of(new Doubled(sample));
  }

  private record Doubled(ToySample sample) implements Needles {
    @Override
    public List<Needle> all() {
      return List.of(new Needle(NUMBER, sample.number() % Needle.TENTHS));
    }

    @Override
    public List<Boolean> found(Generation answer) {
      return List.of(answer.text().equals("" + 2 * sample.number()));
    }
  }

  static int number(Request<?> request) {
    return Integer.parseInt(((Generate) request).prompt().replaceAll("^2 \\* | =$", ""));
  }

  /** The script. */
  static Generation answer(Request<?> request) {
    int number = number(request);
    boolean again = !((Generate) request).attends().isEmpty();
    boolean right = number % 4 == 3 || (again && number % 8 == 1);
    boolean asked =
        request.observe().observations().stream().anyMatch(SpanMassObservation.class::isInstance);
    return new Generation(
        "" + (right ? 2 * number : 2 * number + 1),
        1,
        ContextFit.whole(7),
        asked ? Optional.of(seen(number)) : Optional.empty());
  }

  private static Observations seen(int number) {
    double looked = number % 4 == 0 ? 0.001 : 0.5;
    double kept = number % 4 == 1 ? 0.125 : looked;
    SpanMass mass =
        new SpanMass(
            2,
            List.of(List.of(looked, 0.0)),
            List.of(List.of(looked / 2, 0.0)),
            Optional.of(List.of(List.of(kept, 0.0))));
    return new Observations(List.of(new SpanMassObservation.Masses(List.of(mass))));
  }
}

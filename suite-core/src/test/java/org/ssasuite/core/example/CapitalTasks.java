package org.ssasuite.core.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.metrics.StringMatch;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Variant;

/** The example of docs/adding-a-task.md: task {@code capitals}, of {@code capitals/all.jsonl}. */
public final class CapitalTasks implements TaskModule {
  private static final String SUITE = "capitals";
  private static final int VERSION = 1;

  @Override
  public List<TaskOffer> offers() {
    return List.of(new Offer());
  }

  @Override
  public List<String> suites() {
    return List.of(SUITE);
  }

  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    return offers();
  }

  /** What can be asked for. */
  private record Offer() implements TaskOffer {
    @Override
    public TaskId id() {
      return new TaskId(SUITE, "capitals", VERSION);
    }

    @Override
    public Takes takes() {
      return new Takes(false, false, false, false, Set.of());
    }

    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      return order;
    }

    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      DataFile file = DataFile.in(supplies.data(), "capitals/all.jsonl");
      List<Capital> capitals = new ArrayList<>();
      file.forEachJsonLine(
          line -> capitals.add(new Capital(line.text("country"), line.text("capital"))));
      if (capitals.isEmpty()) {
        throw new BadInputException(file.path(), "no capital in it");
      }
      return new CapitalTask(
          new TaskId(SUITE, name(), variant, VERSION), Digests.sha256(file.bytes()), capitals);
    }
  }

  /** A sample. */
  record Capital(String country, String city) implements Sample {
    @Override
    public String id() {
      return country;
    }

    @Override
    public String document() {
      return country;
    }
  }

  /** The task: what each sample asks, and what an answer is worth. */
  record CapitalTask(TaskId id, String dataDigest, List<Capital> capitals)
      implements Task<Capital> {
    @Override
    public String protocol() {
      return "capitals/greedy-8";
    }

    @Override
    public Stream<Capital> samples() {
      return capitals.stream();
    }

    @Override
    public List<Request<?>> requests(Capital capital) {
      String prompt = "The capital of " + capital.country() + " is";
      return List.of(new Generate(prompt, 8, List.of("\n"), Observe.nothing()));
    }

    @Override
    public Score score(Capital capital, List<Response> responses) {
      String written = ((Generation) responses.get(0)).text();
      double value = StringMatch.PART.score(written, List.of(capital.city()));
      return new Scored(List.of(Measure.of("found", value, 1)), Optional.of(written));
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(
          List.of(new MetricRule("found", Transform.PERCENT, MetricRule.Better.HIGHER)));
    }
  }
}

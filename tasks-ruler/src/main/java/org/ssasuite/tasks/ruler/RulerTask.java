package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.metrics.StringMatch;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;
import org.ssasuite.tasks.ruler.generator.RulerVersion;

/** One of RULER's tasks at one length, for one tokenizer. */
final class RulerTask implements Task<RulerSample> {
  /** Predictions of which nothing is left; NVIDIA's evaluation counts them too. */
  private static final String NULLS = "nulls";

  private final TaskId id;
  private final String protocol;
  private final SetKey key;
  private final String dataDigest;
  private final Supplier<List<RulerSample>> samples;
  private final StringMatch match;
  private final Optional<Chat> chat;

  /**
   * A task.
   *
   * @param samples reads them; called anew for each stream, so that they need not be kept
   * @param chat what samples are put into; absent: they are read as they are
   */
  RulerTask(
      TaskId id,
      String protocol,
      SetKey key,
      String dataDigest,
      Supplier<List<RulerSample>> samples,
      Optional<Chat> chat) {
    this.id = id;
    this.protocol = protocol;
    this.key = key;
    this.dataDigest = dataDigest;
    this.samples = samples;
    this.match = match(key.task(), key.version());
    this.chat = chat;
  }

  @Override
  public TaskId id() {
    return id;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public String dataDigest() {
    return dataDigest;
  }

  @Override
  public Stream<RulerSample> samples() {
    return samples.get().stream();
  }

  /** Greedy, without a stop string. */
  @Override
  public List<Request<?>> requests(RulerSample sample) {
    return List.of(
        new Generate(
            prompt(sample), key.task().answerTokens(), List.of(), Observe.of(spans(sample))));
  }

  /**
   * In a chat the answer's prefix stands where the answer does: NVIDIA appends it to the template
   * ({@code data/prepare.py}), lm-evaluation-harness 0.4.9 has it as an answer to be continued
   * ({@code ConfigurableTask.append_target_question}).
   */
  private String prompt(RulerSample sample) {
    if (chat.isEmpty()) {
      return sample.input() + between() + sample.answerPrefix();
    }
    return key.version() == RulerVersion.LMEVAL
        ? chat.get().begun(sample.input(), sample.answerPrefix())
        : chat.get().asked(sample.input()) + sample.answerPrefix();
  }

  /** Where a sample's text begins in its prompt, less what a template has stripped of it. */
  private int begin(RulerSample sample) {
    if (chat.isEmpty()) {
      return 0;
    }
    int at = prompt(sample).indexOf(PythonText.strip(sample.input()));
    if (at < 0) {
      throw new BadInputException(
          "sample " + sample.id(), "is changed by the chat template, so that no needle is found");
    }
    return at - (sample.input().length() - PythonText.lstrip(sample.input()).length());
  }

  /** NVIDIA's prefixes begin with their own space; lm-eval's delimiter is a line apart for cwe. */
  private String between() {
    if (key.version() != RulerVersion.LMEVAL) {
      return "";
    }
    return key.task() == RulerTaskName.Base.CWE ? "\n\n" : " ";
  }

  @Override
  public List<String> expected(RulerSample sample) {
    return sample.outputs();
  }

  @Override
  public Score score(RulerSample sample, List<Response> responses) {
    Generation generation = (Generation) responses.get(0);
    String prediction = StringMatch.cleaned(generation.text());
    double score = match.score(prediction, sample.outputs());
    List<Measure> measures = new ArrayList<>();
    measures.add(Measure.of(match.metric(), score, 1));
    measures.add(Measure.of(NULLS, prediction.isEmpty() ? 1 : 0, 1));
    measures.add(Measure.of(match.metric(), score, 1).in(length()));
    boolean[] found = found(sample, prediction);
    Depths depths = Depths.of(sample);
    measures.addAll(depths.measures(match.metric(), NeedleTrace.numbers(found)));
    generation
        .observations()
        .flatMap(all -> all.of(SpanObservation.Taken.class))
        .ifPresent(
            taken -> measures.addAll(NeedleTrace.measures(taken.spans(), found, depths, length())));
    return new Scored(measures, Optional.of(prediction));
  }

  @Override
  public Optional<Needles> needles(RulerSample sample) {
    return sample.needles().isEmpty()
        ? Optional.empty()
        : Optional.of(new SampleNeedles(sample, spans(sample)));
  }

  /** The needles that a sample's answers are found by. */
  private record SampleNeedles(RulerSample sample, List<TextSpan> spans) implements Needles {
    @Override
    public List<Needle> all() {
      List<Integer> tenths = Depths.of(sample).tenths();
      List<Needle> needles = new ArrayList<>();
      for (int i = 0; i < tenths.size(); i++) {
        needles.add(new Needle(spans.get(i), tenths.get(i)));
      }
      return needles;
    }

    @Override
    public List<Boolean> found(Generation answer) {
      boolean[] found = RulerTask.found(sample, StringMatch.cleaned(answer.text()));
      return IntStream.range(0, found.length).mapToObj(i -> found[i]).toList();
    }
  }

  private List<TextSpan> spans(RulerSample sample) {
    if (sample.needles().isEmpty()) {
      return List.of();
    }
    int begin = begin(sample);
    return sample.needles().stream()
        .map(needle -> new TextSpan(begin + needle.from(), begin + needle.to()))
        .toList();
  }

  private Facet length() {
    return LengthFacet.of(key.length());
  }

  /** Of each needle whether its answer was found. */
  private static boolean[] found(RulerSample sample, String prediction) {
    boolean[] found = new boolean[sample.needles().size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = StringMatch.holds(prediction, sample.outputs().get(i));
    }
    return found;
  }

  @Override
  public Aggregate aggregate() {
    return aggregate(match);
  }

  /** How a task's predictions are matched. */
  static StringMatch match(RulerTaskName.Base task, RulerVersion version) {
    if (!task.readsQuestions()) {
      return StringMatch.ALL;
    }
    return version == RulerVersion.LMEVAL ? StringMatch.SHARE : StringMatch.PART;
  }

  static Aggregate aggregate(StringMatch match) {
    return new Aggregate(
        List.of(
            percent(match.metric(), MetricRule.Better.HIGHER),
            percent(NULLS, MetricRule.Better.LOWER),
            percent(NeedleTrace.SELECTED, MetricRule.Better.HIGHER),
            percent(NeedleTrace.SELECTED_FIRST, MetricRule.Better.HIGHER)));
  }

  private static MetricRule percent(String metric, MetricRule.Better better) {
    return new MetricRule(metric, Transform.PERCENT, better);
  }
}

package org.ssasuite.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.RunLock;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.trainer.checkpoint.CheckpointStore;
import org.ssasuite.trainer.checkpoint.CheckpointStore.Saved;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.group.Group;
import org.ssasuite.trainer.model.AttentionWatch;
import org.ssasuite.trainer.model.GradientStep;
import org.ssasuite.trainer.model.Method;
import org.ssasuite.trainer.model.ParameterLayout;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.model.StepLosses;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;
import org.ssasuite.trainer.optimizer.AdamW;
import org.ssasuite.trainer.optimizer.LearningRate;
import org.ssasuite.trainer.recipe.ConfigJson;
import org.ssasuite.trainer.recipe.TrainSpec;
import org.ssasuite.trainer.recipe.TrainSpecFile;

/**
 * A training run in a folder: {@code recipe.json}, {@code manifest.json}, {@code train.csv}, {@code
 * evaluations.csv}, {@code checkpoints/}. A run that was interrupted goes on behind its newest
 * checkpoint with the same numbers: rows, draws and rates depend on the step alone, the rest is in
 * the checkpoint. Mutable, of one thread.
 */
public final class TrainingRun implements AutoCloseable {
  private final TrainSpec spec;
  private final TrainingSetup setup;
  private final TrainingObserver observer;
  private final Optional<HeldOutLoss> heldOut;
  private final Method method;
  private final Group group;
  private final TrainingRecord record;
  private final Optional<RunLock> lock;
  private final CheckpointStore store;
  private final Parameters parameters;
  private final Transformer model;
  private final AdamW optimizer;
  private final EvaluationLog evaluations;

  private TrainingRun(
      TrainingSetup setup, Optional<HeldOutLoss> heldOut, TrainingObserver observer) {
    this.spec = setup.spec();
    this.setup = setup;
    this.heldOut = heldOut;
    this.observer = observer;
    this.method = Method.of(spec);
    this.group = setup.group();
    this.record = new TrainingRecord(setup.out());
    this.lock = group.writes() ? Optional.of(begin(setup, record)) : Optional.empty();
    // What rank 0 has made is there for the others.
    group.sum(0);
    ObjectNode config = ConfigJson.of(spec);
    // Checkpoints hold the master weights.
    config.put("torch_dtype", "float32");
    this.store =
        new CheckpointStore(
            folder(record.checkpoints()),
            new CheckpointStore.ModelFiles(config.toPrettyString() + "\n", setup.tokenizer()),
            setup.options().keptCheckpoints());
    ModelConfig shape = ModelConfig.of(setup.out().resolve("recipe.json"), config);
    this.parameters = start(setup, ParameterLayout.of(ModelLayout.of(shape.sizes(), true)));
    this.model =
        new Transformer(shape, parameters, setup.kernels(), setup.engine(), spec.rows().tokens());
    this.optimizer = new AdamW(spec.optimizer(), parameters);
    this.evaluations = new EvaluationLog(record.evaluations());
  }

  /**
   * Opens a new run, or one that is in the folder already.
   *
   * @param heldOut rows that are rated at each evaluation
   * @throws BadInputException if another run is in the folder, or one is writing into it, or the
   *     starting weights do not fit the recipe
   */
  public static TrainingRun open(
      TrainingSetup setup, Optional<HeldOutLoss> heldOut, TrainingObserver observer) {
    return new TrainingRun(setup, heldOut, observer);
  }

  private static RunLock begin(TrainingSetup setup, TrainingRecord record) {
    RunLock lock = RunLock.take(setup.out());
    manifest(setup).settle(record.manifest());
    record.settleRecipe(TrainSpecFile.text(setup.spec()));
    folder(record.checkpoints());
    // Puts a checkpoint back that a process had set aside when it ended: once, not by each rank.
    record.newest();
    return lock;
  }

  private static TrainManifest manifest(TrainingSetup setup) {
    String start = setup.start().map(c -> Digests.sha256(c.digests().toString())).orElse("seed");
    return new TrainManifest(
        TrainManifest.SCHEMA,
        Digests.sha256(TrainSpecFile.text(setup.spec())),
        setup.data().digest(),
        start,
        setup.engine().device().text(),
        setup.engine().threads(),
        setup.provenance().attention(),
        setup.provenance().version(),
        setup.provenance().commit(),
        setup.provenance().program(),
        Machine.current());
  }

  private static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }

  private static Parameters start(TrainingSetup setup, ParameterLayout layout) {
    if (setup.start().isEmpty()) {
      double deviation = setup.spec().model().initializerRange();
      return Parameters.random(layout, setup.spec().seed(), deviation, setup.engine());
    }
    Checkpoint start = setup.start().orElseThrow();
    if (!start.layout().equals(layout.model())) {
      throw new BadInputException(
          start.folder(), "its weights are not of the recipe's shape: " + start.shape());
    }
    return Parameters.of(start, setup.engine());
  }

  /** Trains to the end, or to where this call is to stop. */
  public TrainingOutcome train() {
    Optional<Saved> saved = record.newest();
    saved.ifPresent(
        checkpoint -> {
          CheckpointStore.restore(checkpoint, parameters, optimizer, setup.engine());
          observer.resumed(checkpoint);
          // Nobody writes before all have read.
          group.sum(0);
          evaluateIfDue(checkpoint);
        });
    int done = saved.map(Saved::step).orElse(0);
    int last =
        Math.min(spec.batch().steps(), setup.options().stopAfter().orElse(Integer.MAX_VALUE));
    GradientStep gradients = new GradientStep(model, parameters, group);
    LearningRate rates = new LearningRate(spec.schedule(), spec.batch().steps());
    StreamDraws draws = new StreamDraws(spec, method);
    try (StepSink log = log(done)) {
      long begun = System.nanoTime();
      for (int step = done; step < last; step++) {
        long stepBegun = System.nanoTime();
        Optional<CoverageWatch> watch = watch(step);
        StepLosses losses =
            gradients.run(
                batches(step, draws), watch.isPresent() ? watch.get() : AttentionWatch.NONE);
        if (!losses.isFinite()) {
          return new TrainingOutcome.Diverged(
              saveUnlessThere(step, saved, log), step + 1, fact(losses));
        }
        double rate = rates.at(step);
        optimizer.update(step + 1, rate, losses.gradientNorm());
        Clock clock = new Clock(begun, stepBegun, System.nanoTime());
        StepRecord line =
            line(step, draws.text(step), losses, rate, watch.map(CoverageWatch::coverage), clock);
        log.add(line);
        observer.stepped(line, spec.batch().steps());
        if (due(step + 1, last)) {
          saved = Optional.of(save(step + 1, log));
          evaluateIfDue(saved.get());
        }
      }
      return new TrainingOutcome.Finished(saveUnlessThere(Math.max(done, last), saved, log));
    }
  }

  /** Where lines go: the log, or, of all ranks but the first, nowhere. */
  private interface StepSink extends AutoCloseable {
    void add(StepRecord line);

    /** The digest of all lines so far. */
    String seal();

    @Override
    void close();
  }

  private StepSink log(int done) {
    Optional<StepLog> log =
        group.writes() ? Optional.of(StepLog.behind(done, record.log())) : Optional.empty();
    return new StepSink() {
      @Override
      public void add(StepRecord line) {
        log.ifPresent(l -> l.add(line));
      }

      @Override
      public String seal() {
        return log.orElseThrow().seal();
      }

      @Override
      public void close() {
        log.ifPresent(StepLog::close);
      }
    };
  }

  private Optional<CoverageWatch> watch(int step) {
    int every = setup.options().coverageEvery();
    return every > 0 && step % every == 0 && group.writes()
        ? Optional.of(new CoverageWatch(spec.model().numHiddenLayers() / 2, spec.rows().tokens()))
        : Optional.empty();
  }

  private List<GradientStep.MicroBatch> batches(int step, StreamDraws draws) {
    List<GradientStep.MicroBatch> batches = new ArrayList<>();
    int accumulation = spec.batch().accumulation();
    int share = accumulation / group.size();
    for (int micro = group.rank() * share; micro < (group.rank() + 1) * share; micro++) {
      PackedBatch rows = setup.data().batch((long) step * accumulation + micro);
      IntFunction<Stream> streams = draws.of(step, micro);
      batches.add(
          new GradientStep.MicroBatch(rows, layer -> method.layer(streams.apply(layer), rows)));
    }
    return batches;
  }

  private record Clock(long begun, long stepBegun, long now) {
    double stepSeconds() {
      return (now - stepBegun) / 1e9;
    }

    double seconds() {
      return (now - begun) / 1e9;
    }
  }

  private StepRecord line(
      int step,
      String mode,
      StepLosses losses,
      double rate,
      Optional<Coverage> coverage,
      Clock clock) {
    double perSecond = spec.tokensPerStep() / clock.stepSeconds();
    OptionalDouble peak = setup.options().peakFlops();
    OptionalDouble share =
        peak.isPresent()
            ? OptionalDouble.of(
                perSecond * ModelFlops.perToken(spec, parameters.layout()) / peak.getAsDouble())
            : OptionalDouble.empty();
    return new StepRecord(
        step + 1,
        spec.tokensPerStep() * (step + 1),
        mode,
        losses,
        rate,
        coverage,
        perSecond,
        share,
        clock.seconds());
  }

  private static String fact(StepLosses losses) {
    return Double.isFinite(losses.nextToken()) && Double.isFinite(losses.alignment())
        ? "the gradients' norm is " + losses.gradientNorm()
        : "the loss is " + losses.nextToken() + ", the alignment loss " + losses.alignment();
  }

  private boolean due(int step, int last) {
    OptionalInt every = spec.checkpointEvery();
    boolean regular = every.isPresent() && step % every.getAsInt() == 0;
    return step == last || regular || evaluationDue(step);
  }

  private boolean evaluationDue(int step) {
    return spec.evaluateEvery().isPresent()
        && (step % spec.evaluateEvery().getAsInt() == 0 || step == spec.batch().steps());
  }

  private Saved save(int step, StepSink log) {
    if (!group.writes()) {
      return store.named(step);
    }
    Saved saved = store.write(step, record.digests(log.seal()), parameters, optimizer);
    observer.saved(saved);
    return saved;
  }

  private Saved saveUnlessThere(int step, Optional<Saved> saved, StepSink log) {
    return saved.filter(s -> s.step() == step).orElseGet(() -> save(step, log));
  }

  private void evaluateIfDue(Saved checkpoint) {
    if (!group.writes()
        || !evaluationDue(checkpoint.step())
        || evaluations.has(checkpoint.step())) {
      return;
    }
    List<EvaluationScore> scores = new ArrayList<>();
    heldOut.ifPresent(rows -> scores.addAll(rows.of(model, method)));
    scores.addAll(observer.evaluate(checkpoint));
    evaluations.add(checkpoint.step(), scores);
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
    parameters.close();
    lock.ifPresent(RunLock::close);
  }
}

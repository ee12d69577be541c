package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.run.unit.Batches;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.run.work.LoadCounter;
import org.ssasuite.leaderboards.run.work.ModelSize;
import org.ssasuite.leaderboards.run.work.Rates;
import org.ssasuite.leaderboards.run.work.Sharing;
import org.ssasuite.leaderboards.run.work.UnitLoad;
import org.ssasuite.leaderboards.run.work.WorkUnit;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.tokenizer.PieceCounter;

/**
 * A plan cut into units: the batches of its rows, as they are answered together wherever the run is
 * done.
 *
 * @param rows in the order of the plan's
 */
record PlannedUnits(List<Row> rows) {
  /** Of a token, as English texts have them. */
  static final int CHARACTERS = 4;

  PlannedUnits {
    rows = List.copyOf(rows);
  }

  /**
   * A row's units and what each of them puts to the model.
   *
   * @param reference the mode that comparisons are held against; of other tasks the row's own
   */
  record Row(
      RunPlan.PlannedResult result,
      ModelSize model,
      AttentionMode reference,
      List<SampleRange> units,
      List<UnitLoad> loads) {
    Row {
      units = List.copyOf(units);
      loads = List.copyOf(loads);
    }

    AttentionMode mode() {
      return result.mode();
    }

    double seconds(UnitLoad load, Rates rates) {
      return rates.seconds(model, load, mode(), reference);
    }
  }

  /** Cuts a plan. */
  static PlannedUnits of(RunPlan plan) {
    return of(plan, false);
  }

  /**
   * The same without a look at tokenizers: a token is taken to have {@value #CHARACTERS} letters.
   */
  static PlannedUnits rough(RunPlan plan) {
    return of(plan, true);
  }

  private static PlannedUnits of(RunPlan plan, boolean rough) {
    try (Cutting cutting = new Cutting(plan, rough)) {
      return new PlannedUnits(plan.results().stream().map(cutting::row).toList());
    }
  }

  /** Its units with what they are expected to take. */
  List<WorkUnit> units(Rates rates) {
    List<WorkUnit> units = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      for (int j = 0; j < row.units().size(); j++) {
        units.add(new WorkUnit(i, row.units().get(j), row.seconds(row.loads().get(j), rates)));
      }
    }
    return units;
  }

  /**
   * One of several shards, which every machine that plans the same run finds to be the same.
   *
   * @param number from 1
   * @param rates that are the same everywhere
   */
  Shard shard(int number, int of, Rates rates) {
    List<WorkUnit> own = Sharing.of(units(rates), of).units().get(number - 1);
    List<List<SampleRange>> units = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int wanted = row;
      units.add(
          own.stream()
              .filter(unit -> unit.row() == wanted)
              .map(WorkUnit::samples)
              .sorted(Comparator.comparingInt(SampleRange::from))
              .toList());
    }
    return new Shard(number, of, units);
  }

  /** Cuts each task once, and counts it once for each tokenizer. Mutable, of one plan. */
  private static final class Cutting implements AutoCloseable {
    /** Enough to know a tokenizer by; the whole of long texts would take longer than they do. */
    private static final int TEXTS = 8;

    private static final int MOST_CHARACTERS = 8_000;

    private final RunPlan plan;
    private final boolean rough;
    private final IdentityHashMap<Task<?>, List<SampleRange>> units = new IdentityHashMap<>();
    private final IdentityHashMap<Task<?>, Map<String, List<UnitLoad>>> loads =
        new IdentityHashMap<>();
    private final IdentityHashMap<Checkpoint, String> tokenizers = new IdentityHashMap<>();
    private final Map<String, PieceCounter> counters = new HashMap<>();

    Cutting(RunPlan plan, boolean rough) {
      this.plan = plan;
      this.rough = rough;
    }

    Row row(RunPlan.PlannedResult result) {
      Checkpoint checkpoint = result.model().checkpoint();
      return row(result, result.task().task(), checkpoint);
    }

    private <S extends Sample> Row row(
        RunPlan.PlannedResult result, Task<S> task, Checkpoint checkpoint) {
      String tokenizer = tokenizers.computeIfAbsent(checkpoint, Cutting::tokenizer);
      Map<String, List<UnitLoad>> known = loads.computeIfAbsent(task, uncounted -> new HashMap<>());
      if (!known.containsKey(tokenizer)) {
        List<S> samples = result.task().samples(task);
        List<SampleRange> cut =
            units.computeIfAbsent(
                task, uncut -> Batches.of(task, samples, 0, plan.spec().batch(), 1));
        LoadCounter counter =
            new LoadCounter(
                charactersPerToken(task, samples, checkpoint, tokenizer),
                plan.spec().sharing() && !plan.spec().attribution());
        known.put(
            tokenizer,
            cut.stream()
                .map(unit -> counter.of(task, samples.subList(unit.from(), unit.to())))
                .toList());
      }
      AttentionMode reference =
          ReferenceModes.of(plan.spec().tasks(), result.model().model()).orElse(result.mode());
      ModelSize size = ModelSize.of(checkpoint, plan.engine().options().precision());
      return new Row(result, size, reference, units.get(task), known.get(tokenizer));
    }

    /** By its bytes; a file that holds the weights as well is too large to be read for this. */
    private static String tokenizer(Checkpoint checkpoint) {
      Path file = checkpoint.tokenizerFile().orElseThrow();
      return GgufFile.isNamed(file) ? file.toString() : Digests.sha256(file);
    }

    private <S extends Sample> double charactersPerToken(
        Task<S> task, List<S> samples, Checkpoint checkpoint, String tokenizer) {
      if (rough) {
        return CHARACTERS;
      }
      PieceCounter counter =
          counters.computeIfAbsent(
              tokenizer, any -> PieceCounter.load(checkpoint.tokenizerFile().orElseThrow()));
      long characters = 0;
      long tokens = 0;
      int step = Math.max(1, samples.size() / TEXTS);
      for (int i = 0; i < samples.size(); i += step) {
        String text = text(task.requests(samples.get(i)).get(0));
        String some = text.substring(0, Math.min(MOST_CHARACTERS, text.length()));
        characters += some.length();
        tokens += counter.count(some, Integer.MAX_VALUE);
      }
      return tokens == 0 || characters == 0 ? 1 : (double) characters / tokens;
    }

    private static String text(Request<?> request) {
      return request.fold(
          generate -> generate.prompt(),
          rate -> rate.context() + rate.continuation(),
          document -> document.text(),
          compare -> compare.text());
    }

    @Override
    public void close() {
      counters.values().forEach(PieceCounter::close);
    }
  }
}

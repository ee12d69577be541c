package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.observation.RequestWatch;
import org.ssasuite.runtime.observation.Scene;
import org.ssasuite.runtime.observation.Watch;
import org.ssasuite.runtime.statistics.QueryRange;

/** Chunks, sharing, forks, neighbours and threads change no bit of an answer, in no mode. */
class CacheIdentityTest {
  private static final int TOKENS = 300;

  @TempDir Path folder;
  private Checkpoint plain;
  private Checkpoint nsa;

  /** Two KV heads; the second model has NSA's window. */
  @BeforeEach
  void write() {
    plain = Checkpoint.open(TinyCheckpoint.write(folder.resolve("plain")).folder());
    nsa =
        Checkpoint.open(
            TinyCheckpoint.write(
                    folder.resolve("nsa"), TinyCheckpoint.config().put("window_size", 24))
                .folder());
  }

  private Checkpoint checkpoint(String mode) {
    return mode.startsWith("nsa") ? nsa : plain;
  }

  private SsaModel load(String mode, int threads, Scheduling scheduling) {
    return load(mode, RuntimeOptions.cpu(threads), scheduling);
  }

  private SsaModel load(String mode, RuntimeOptions options, Scheduling scheduling) {
    return SsaModel.load(checkpoint(mode), options, Optional.empty(), scheduling);
  }

  private static RuntimeOptions cuda(Precision precision) {
    return new RuntimeOptions(1, Device.CUDA, precision, Isa.AUTO);
  }

  private static Stream<String> modes() {
    return Stream.of(
        "full",
        "sparse:8x3",
        "sparse:16x4",
        "released:8x8",
        "window:8x4",
        "random:8x3",
        "random:16x4",
        "best:8x3",
        "nsa:8x3");
  }

  private static Stream<Arguments> onCuda() {
    return Stream.of(
            "full", "sparse:8x3", "released:8x8", "window:8x4", "random:8x3", "best:8x3", "nsa:8x3")
        .flatMap(mode -> Stream.of(Precision.values()).map(p -> Arguments.of(mode, p)));
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void chunksChangeNothingOnCuda(String text, Precision precision) {
    float[] whole;
    try (SsaModel model = load(text, cuda(precision), new Scheduling(4096, true))) {
      whole = model.logProbabilities(ids(1, TOKENS), mode(text)).logProbability();
    }
    for (int chunk : new int[] {1, 7, 64, 100, 256}) {
      try (SsaModel model = load(text, cuda(precision), new Scheduling(chunk, true))) {
        assertThat(model.logProbabilities(ids(1, TOKENS), mode(text)).logProbability())
            .as("chunks of %s", chunk)
            .isEqualTo(whole);
      }
    }
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void sharingAndNeighboursChangeNothingOnCuda(String text, Precision precision) {
    List<Pass> passes = branching();
    List<float[]> alone = new ArrayList<>();
    try (SsaModel model = load(text, cuda(precision), new Scheduling(4096, false))) {
      for (Pass pass : passes) {
        alone.add(model.run(List.of(pass), mode(text)).get(0).logProbability());
      }
    }
    try (SsaModel model = load(text, cuda(precision), new Scheduling(50, true))) {
      List<TokenLogProbs> together = model.run(passes, mode(text));
      for (int i = 0; i < passes.size(); i++) {
        assertThat(together.get(i).logProbability()).as("pass %s", i).isEqualTo(alone.get(i));
      }
      assertThat(model.work().sharedTokens()).isPositive();
    }
  }

  /**
   * The first prompt is what the others begin with, up to a page's end; each asks for the last
   * hidden state again, as every id but one may end it and none may yet.
   */
  private static List<GreedyDecoder.Job> askingAgain() {
    Set<Integer> ends = IntStream.range(0, 63).boxed().collect(Collectors.toSet());
    List<GreedyDecoder.Job> jobs = new ArrayList<>();
    for (int length : new int[] {128, 128, 129, 140}) {
      int[] prompt = Arrays.copyOf(ids(4, 128), length);
      jobs.add(new GreedyDecoder.Job(prompt, 8, List.of(), 6, ends, List.of()));
    }
    return jobs;
  }

  private static void assertTogetherAsAlone(SsaModel model, AttentionMode mode) {
    List<GreedyDecoder.Job> jobs = askingAgain();
    List<GeneratedTokens> together = model.decoder(mode).run(jobs);
    for (int i = 0; i < jobs.size(); i++) {
      GeneratedTokens alone = model.decoder(mode).run(List.of(jobs.get(i))).get(0);
      assertThat(together.get(i).ids()).as("prompt %s", i).isEqualTo(alone.ids());
    }
    assertThat(model.pagesInUse()).isZero();
  }

  /**
   * Ids, log-probabilities and the runs that they took are those of a model that nobody watches.
   */
  private static void assertWatchedAsNot(SsaModel model, AttentionMode mode) {
    List<GreedyDecoder.Job> plain = new ArrayList<>();
    List<GreedyDecoder.Job> watched = new ArrayList<>();
    for (int length : new int[] {1, 2, 128, 129, 129, 250}) {
      int[] prompt = ids(6, length);
      QueryRange writing = new QueryRange(length - 1, length + 8);
      Observe spans = Observe.of(List.of(new TextSpan(0, 1)));
      plain.add(new GreedyDecoder.Job(prompt, 9, List.of()));
      watched.add(
          new GreedyDecoder.Job(prompt, 9, List.of(), watches(model, mode, spans, writing, true)));
    }
    Pass pass = ratingAll(ids(7, TOKENS - 1));
    Observe blocks = Observe.of(new BlockObservation());
    List<Watch> looking = watches(model, mode, blocks, new QueryRange(0, TOKENS - 1), false);

    Work before = model.work();
    List<GeneratedTokens> written = model.decoder(mode).run(plain);
    Work between = model.work();
    List<GeneratedTokens> seen = model.decoder(mode).run(watched);
    Work after = model.work();

    for (int i = 0; i < written.size(); i++) {
      assertThat(seen.get(i).ids()).as("prompt %s", i).isEqualTo(written.get(i).ids());
    }
    assertThat(after.runs() - between.runs()).isEqualTo(between.runs() - before.runs());
    assertThat(after.tokens() - between.tokens()).isEqualTo(between.tokens() - before.tokens());
    assertThat(model.run(List.of(pass.watchedBy(looking)), mode).get(0).logProbability())
        .isEqualTo(model.run(List.of(pass), mode).get(0).logProbability());
  }

  private static List<Watch> watches(
      SsaModel model, AttentionMode mode, Observe observe, QueryRange answering, boolean writing) {
    Scene scene =
        new Scene(model.checkpoint().config(), mode, answering, writing, () -> new int[] {1});
    return RequestWatch.of(observe, model.device()).watches(scene);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void watchingChangesNothing(String text) {
    try (SsaModel model = load(text, 2, new Scheduling(100, true))) {
      assertWatchedAsNot(model, mode(text));
    }
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void watchingChangesNothingOnCuda(String text, Precision precision) {
    try (SsaModel model = load(text, cuda(precision), new Scheduling(100, true))) {
      assertWatchedAsNot(model, mode(text));
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void askingForAHiddenStateAgainChangesNoNeighbour(String text) {
    try (SsaModel model = load(text, 2, Scheduling.standard())) {
      assertTogetherAsAlone(model, mode(text));
    }
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void askingForAHiddenStateAgainChangesNoNeighbourOnCuda(String text, Precision precision) {
    try (SsaModel model = load(text, cuda(precision), Scheduling.standard())) {
      assertTogetherAsAlone(model, mode(text));
    }
  }

  @GpuParameterizedTest
  @MethodSource("onCuda")
  void decodingTogetherWritesWhatDecodingAloneWritesOnCuda(String text, Precision precision) {
    try (SsaModel model = load(text, cuda(precision), Scheduling.standard())) {
      List<GreedyDecoder.Job> jobs = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        jobs.add(new GreedyDecoder.Job(ids(50 + i, 1 + 3 * i), 5 + i % 20, List.of()));
      }
      List<GeneratedTokens> together = model.decoder(mode(text)).run(jobs);
      for (int i = 0; i < jobs.size(); i++) {
        GeneratedTokens alone = model.decoder(mode(text)).run(List.of(jobs.get(i))).get(0);
        assertThat(together.get(i).ids()).isEqualTo(alone.ids());
      }
    }
  }

  private AttentionMode mode(String text) {
    return AttentionMode.parse(text, checkpoint(text).budget());
  }

  private static int[] ids(int seed, int count) {
    return new Random(seed).ints(count, 0, 64).toArray();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void chunksChangeNothing(String text) {
    float[] whole;
    try (SsaModel model = load(text, 2, new Scheduling(4096, true))) {
      whole = model.logProbabilities(ids(1, TOKENS), mode(text)).logProbability();
    }
    for (int chunk : new int[] {1, 7, 64, 100, 256}) {
      try (SsaModel model = load(text, 1 + chunk % 2, new Scheduling(chunk, true))) {
        assertThat(model.logProbabilities(ids(1, TOKENS), mode(text)).logProbability())
            .as("chunks of %s", chunk)
            .isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void sharingAndNeighboursChangeNothing(String text) {
    List<Pass> passes = branching();
    List<float[]> alone = new ArrayList<>();
    try (SsaModel model = load(text, 1, new Scheduling(4096, false))) {
      for (Pass pass : passes) {
        alone.add(model.run(List.of(pass), mode(text)).get(0).logProbability());
      }
    }
    try (SsaModel model = load(text, 2, new Scheduling(50, true))) {
      List<TokenLogProbs> together = model.run(passes, mode(text));
      for (int i = 0; i < passes.size(); i++) {
        assertThat(together.get(i).logProbability()).as("pass %s", i).isEqualTo(alone.get(i));
      }
      Work done = model.work();
      assertThat(done.sharedTokens()).isPositive();
      assertThat(done.tokens() + done.sharedTokens())
          .isEqualTo(passes.stream().mapToLong(pass -> pass.tokens().length).sum());
      assertThat(model.pagesInUse()).isZero();
    }
  }

  /** Prefixes of several depths, parting at, before and behind page ends; one ends inside. */
  private static List<Pass> branching() {
    List<Pass> passes = new ArrayList<>();
    int[] trunk = ids(2, 256);
    for (int part : new int[] {40, 127, 128, 129, 131, 200, 255, 256}) {
      for (int branch = 0; branch < 3; branch++) {
        int[] tail = ids(100 * part + branch, 5 + 20 * branch);
        int[] tokens = Arrays.copyOf(trunk, part + tail.length);
        System.arraycopy(tail, 0, tokens, part, tail.length);
        passes.add(ratingAll(tokens));
      }
    }
    passes.add(ratingAll(Arrays.copyOf(trunk, 150)));
    return passes;
  }

  private static Pass ratingAll(int[] tokens) {
    int[] targets = Arrays.copyOfRange(tokens, 1, tokens.length + 1);
    return Pass.ratingLast(tokens, targets);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void decodingWritesWhatReadingItAgainWouldChoose(String text) {
    try (SsaModel model = load(text, 2, Scheduling.standard())) {
      int[] prompt = ids(3, 90);
      int[] written = model.generate(prompt, mode(text), 60, List.of()).ids();
      int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
      System.arraycopy(written, 0, all, prompt.length, written.length);
      int[] argmax = model.logProbabilities(all, mode(text)).argmax();
      for (int i = 0; i < written.length; i++) {
        assertThat(written[i]).isEqualTo(argmax[prompt.length + i - 1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparse:8x3", "window:8x4", "random:8x3", "best:8x3"})
  void decodingTogetherWritesWhatDecodingAloneWrites(String text) {
    try (SsaModel model = load(text, 2, Scheduling.standard())) {
      AttentionMode mode = mode(text);
      List<GreedyDecoder.Job> jobs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        jobs.add(new GreedyDecoder.Job(ids(50 + i, 1 + 17 * i), 5 + i, List.of()));
      }
      List<GeneratedTokens> together = model.decoder(mode).run(jobs);
      for (int i = 0; i < jobs.size(); i++) {
        GeneratedTokens alone = model.decoder(mode).run(List.of(jobs.get(i))).get(0);
        assertThat(together.get(i).ids()).isEqualTo(alone.ids());
      }
    }
  }

  @Test
  void memoryDoesNotGrowWithRequests() {
    try (SsaModel model = load("full", 2, Scheduling.standard())) {
      List<Pass> passes = branching();
      model.run(passes, mode("full"));
      long bytes = model.cacheMemory().bytes();
      for (int i = 0; i < 400; i++) {
        model.run(passes, mode(i % 2 == 0 ? "full" : "sparse:8x3"));
      }
      assertThat(model.cacheMemory().bytes()).isEqualTo(bytes);
      assertThat(model.pagesInUse()).isZero();
    }
  }
}

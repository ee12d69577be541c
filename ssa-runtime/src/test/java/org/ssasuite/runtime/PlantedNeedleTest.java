package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.FailureClass;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.NewModelConfig;
import org.ssasuite.runtime.checkpoint.SafetensorsWriter;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.observation.RequestWatch;
import org.ssasuite.runtime.observation.Scene;
import org.ssasuite.runtime.statistics.QueryRange;

/**
 * A model whose weights are made by hand: one layer of one head. A question's query has a score of
 * 20 with a needle, 10 with a decoy and 0 with all else; a needle's value asks for {@link #RIGHT},
 * every other one for {@link #WRONG}. A block of decoys has a mean key of 10, one with a needle of
 * 20 / 8: selection prefers decoys, attention the needle.
 */
class PlantedNeedleTest {
  private static final int FILLER = 0;
  private static final int NEEDLE = 2;
  private static final int DECOY = 3;
  private static final int QUESTION = 4;
  private static final int RIGHT = 5;
  private static final int WRONG = 6;
  private static final int HOLLOW_NEEDLE = 8;

  private static final int HIDDEN = 32;
  private static final int HEAD_DIM = 16;

  /** The pair of dimensions that turns slowest. */
  private static final int SLOW = HEAD_DIM / 2 - 1;

  /** What a norm makes of a unit vector. */
  private static final double NORMED = Math.sqrt(HIDDEN);

  private static final double KEY = Math.sqrt(20 * Math.sqrt(HEAD_DIM)) / NORMED;
  private static final int TOKENS = 512;
  private static final int AT = 201;
  private static final AttentionMode FULL = new Full();
  private static final AttentionMode SPARSE = new BlockSparse(8, 2, SelectionRule.EXACT);

  @TempDir static Path folder;
  private static SsaModel model;

  @BeforeAll
  static void write() throws IOException {
    ObjectNode config =
        TinyCheckpoint.config()
            .put("vocab_size", 16)
            .put("hidden_size", HIDDEN)
            .put("num_hidden_layers", 1)
            .put("num_attention_heads", 1)
            .put("num_key_value_heads", 1)
            .put("head_dim", HEAD_DIM)
            .put("max_position_embeddings", 1_024)
            .put("rope_theta", 1e8);
    NewModelConfig sizes = NewModelConfig.of(Path.of("planted"), config);
    ModelLayout layout = ModelLayout.of(sizes.sizes(), true);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    layout.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"),
        sizes.format(),
        shapes,
        (name, to) -> {
          float[] weights = weights(layout.get(name));
          to.put(weights, weights.length);
        });
    Files.write(folder.resolve("config.json"), new ObjectMapper().writeValueAsBytes(config));
    model = SsaModel.load(Checkpoint.open(folder), RuntimeOptions.cpu(2), Optional.empty());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Gates are a half everywhere, and the feed-forward part adds nothing. */
  private static float[] weights(ModelLayout.Tensor tensor) {
    float[] weights = new float[(int) tensor.elements()];
    switch (tensor.role()) {
      case INPUT_NORM, POST_NORM, FINAL_NORM -> Arrays.fill(weights, 1);
      case EMBEDDING -> IntStream.range(0, 16).forEach(id -> weights[id * HIDDEN + id] = 1);
      case QUERY -> weights[SLOW * HIDDEN + QUESTION] = (float) KEY;
      case KEY -> {
        weights[SLOW * HIDDEN + NEEDLE] = (float) KEY;
        weights[SLOW * HIDDEN + HOLLOW_NEEDLE] = (float) KEY;
        weights[SLOW * HIDDEN + DECOY] = (float) KEY / 2;
      }
      case VALUE -> {
        for (int id = 0; id < 16; id++) {
          weights[(id == NEEDLE ? 0 : 1) * HIDDEN + id] = 1;
        }
      }
      case OUTPUT -> {
        weights[RIGHT * HEAD_DIM] = 1;
        weights[WRONG * HEAD_DIM + 1] = 1;
      }
      default -> {}
    }
    return weights;
  }

  /** A needle among fillers, two blocks of decoys if there are any, and what comes last. */
  private static int[] prompt(int needle, boolean decoys, int last) {
    int[] prompt = new int[TOKENS];
    Arrays.fill(prompt, FILLER);
    prompt[AT] = needle;
    if (decoys) {
      Arrays.fill(prompt, 304, 320, DECOY);
    }
    prompt[TOKENS - 1] = last;
    return prompt;
  }

  /** What was written, and what became of the needle. */
  private record Asked(int answer, AttributionRecord record) {}

  private static Asked ask(AttentionMode mode, int[] prompt, ForcedBlocks forced) {
    TextSpan span = new TextSpan(AT, AT + 1);
    RequestWatch watch =
        RequestWatch.of(Observe.of(new SpanMassObservation(List.of(span))), model.device());
    Scene scene =
        new Scene(
            model.checkpoint().config(),
            mode,
            new QueryRange(TOKENS - 1, TOKENS),
            true,
            () -> IntStream.rangeClosed(1, TOKENS).toArray());
    GreedyDecoder.Job job =
        new GreedyDecoder.Job(prompt, 1, List.of(), 0, Set.of(), watch.watches(scene), forced);
    int answer = model.decoder(mode).run(List.of(job)).get(0).ids()[0];
    AttributionRecord record =
        AttributionRecord.of(
            "0",
            "0",
            List.of(new Needle(span, 3)),
            List.of(answer == RIGHT),
            watch
                .observations()
                .flatMap(seen -> seen.of(SpanMassObservation.Masses.class))
                .orElseThrow()
                .spans());
    return new Asked(answer, record);
  }

  private static Asked ask(AttentionMode mode, int[] prompt) {
    return ask(mode, prompt, ForcedBlocks.NONE);
  }

  private static FailureClass failure(AttentionMode mode, int[] prompt) {
    return ask(mode, prompt).record().failure().orElseThrow();
  }

  @Test
  void fullAttentionFindsTheNeedle() {
    Asked asked = ask(FULL, prompt(NEEDLE, true, QUESTION));

    assertThat(asked.answer()).isEqualTo(RIGHT);
    assertThat(asked.record().needles().get(0).largest().all().get(0)).isGreaterThan(0.99);
  }

  @Test
  void whereSelectionPrefersDecoysItLosesTheNeedle() {
    int[] prompt = prompt(NEEDLE, true, QUESTION);

    assertThat(ask(SPARSE, prompt).answer()).isEqualTo(WRONG);
    assertThat(failure(SPARSE, prompt)).isEqualTo(FailureClass.SELECTION_LOST);
  }

  @Test
  void whatTheSelectionLostTurnsRightWithItsBlockForced() {
    int[] prompt = prompt(NEEDLE, true, QUESTION);
    Asked again = ask(SPARSE, prompt, new ForcedBlocks(List.of(AT / 8), TOKENS - 1));

    assertThat(again.answer()).isEqualTo(RIGHT);
  }

  @Test
  void anotherBlockForcedHelpsNothing() {
    int[] prompt = prompt(NEEDLE, true, QUESTION);
    Asked again = ask(SPARSE, prompt, new ForcedBlocks(List.of(AT / 8 + 1), TOKENS - 1));

    assertThat(again.answer()).isEqualTo(WRONG);
  }

  @Test
  void withoutDecoysTheSelectionKeepsTheNeedle() {
    assertThat(ask(SPARSE, prompt(NEEDLE, false, QUESTION)).answer()).isEqualTo(RIGHT);
  }

  @Test
  void whoAsksNothingNeverLooks() {
    for (AttentionMode mode : List.of(FULL, SPARSE)) {
      assertThat(failure(mode, prompt(NEEDLE, true, FILLER))).isEqualTo(FailureClass.NEVER_LOOKED);
    }
  }

  @Test
  void aNeedleThatSaysNothingIsLookedAtAndMissed() {
    for (AttentionMode mode : List.of(FULL, SPARSE)) {
      assertThat(failure(mode, prompt(HOLLOW_NEEDLE, false, QUESTION)))
          .isEqualTo(FailureClass.LOOKED);
    }
  }
}

package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;

/** A model whose weights are numbers and whose logits are none. */
class BrokenModelTest {
  @TempDir Path folder;

  private SsaModel broken() throws IOException {
    TinyCheckpoint tiny =
        TinyCheckpoint.write(
            folder.resolve("broken"), TinyCheckpoint.config().put("vocab_size", 4096));
    byte[] head = new byte[4096 * 32 * Float.BYTES];
    ByteBuffer values = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      boolean even = values.position() / (32 * Float.BYTES) % 2 == 0;
      values.putFloat(even ? Float.MAX_VALUE : -Float.MAX_VALUE);
    }
    tiny.with("lm_head.weight", "F32", new long[] {4096, 32}, head);
    Files.copy(
        Path.of(System.getProperty("ssa.root"), "models", "ssa-mini", "tokenizer.json"),
        tiny.folder().resolve("tokenizer.json"));
    return SsaModel.load(Checkpoint.open(tiny.folder()), RuntimeOptions.cpu(1), Optional.empty());
  }

  @Test
  void generationIsBadInputThatNamesModelAndPosition() throws IOException {
    try (SsaModel model = broken()) {
      assertThatThrownBy(() -> model.generate(new int[] {5, 6, 7}, new Full(), 4, List.of()))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "model broken: the log-probability of the most probable token at position 3 is NaN");
    }
  }

  @Test
  void generationForATaskSaysThatItFailed() throws IOException {
    try (SsaModel model = broken()) {
      Generation generation =
          (Generation)
              answer(model, new Generate("It was the best", 4, List.of(), Observe.nothing()));
      assertThat(generation.text()).isEmpty();
      assertThat(generation.failure().orElseThrow()).contains("is NaN");
    }
  }

  @Test
  void continuationHasNoLikelihood() throws IOException {
    try (SsaModel model = broken()) {
      ContinuationRating rating =
          (ContinuationRating)
              answer(model, new RateContinuation("It was", " the best", Observe.nothing()));
      assertThat(rating.logLikelihood()).isNaN();
    }
  }

  private static Response answer(SsaModel model, Request<?> request) {
    return model.in(new Full()).answer(List.of(request)).get(0);
  }
}

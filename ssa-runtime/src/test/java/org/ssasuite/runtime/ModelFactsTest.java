package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

class ModelFactsTest {
  private static final Engine ENGINE = new Engine(RuntimeOptions.cpu(1), Scheduling.standard());

  @TempDir Path folder;

  private Checkpoint checkpoint(ObjectNode config) {
    return Checkpoint.open(TinyCheckpoint.write(folder.resolve("model"), config).folder());
  }

  private static Map<String, String> facts(Checkpoint checkpoint) {
    return ModelFacts.of(checkpoint, ENGINE.options(), Optional.empty()).byName();
  }

  @Test
  void theInstructionSetIsTheOneThatComputes() {
    assertThat(facts(checkpoint(TinyCheckpoint.config())).get("isa"))
        .isIn("avx512", "avx2", "scalar");
  }

  @Test
  void anInstructionSetThatWasAskedForIsStated() {
    RuntimeOptions scalar = new RuntimeOptions(1, Device.CPU, Precision.FP32, Isa.SCALAR);
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    assertThat(ModelFacts.of(checkpoint, scalar, Optional.empty()).byName())
        .containsEntry("isa", "scalar");
  }

  @Test
  void rotaryParametersAreThoseThatAreUsed() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    assertThat(facts(checkpoint))
        .containsEntry("rope", "default")
        .containsEntry("rotary", "theta 10000.0, unscaled");
    Optional<RopeScaling> asked = Optional.of(RopeScaling.parse("llama3:4", 256));
    assertThat(ModelFacts.of(checkpoint, ENGINE.options(), asked).byName())
        .containsEntry("rope", "llama3:4")
        .containsEntry(
            "rotary", "theta 10000.0, llama3, factor 4.0 between 1.0 and 4.0 of 256 tokens");
  }

  @Test
  void epsilonAndFilesAreStated() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    assertThat(facts(checkpoint))
        .containsEntry("norm_epsilon", "1.0E-5")
        .containsEntry(
            "sha256:config.json", Digests.sha256(checkpoint.folder().resolve("config.json")))
        .containsEntry(
            "sha256:model.safetensors",
            Digests.sha256(checkpoint.folder().resolve("model.safetensors")));
  }

  @Test
  void aLoadedModelHasTheFactsThatWereMadeBefore() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    ModelFacts facts = ModelFacts.of(checkpoint, ENGINE.options(), Optional.empty());
    try (SsaModel model =
            SsaModel.load(checkpoint, ENGINE, Optional.empty(), facts, new EncodedTexts());
        LanguageModel full = model.in(new Full())) {
      assertThat(model.facts()).isSameAs(facts);
      assertThat(full.card().facts()).isEqualTo(facts.byName());
    }
  }

  @Test
  void aModelWhoseWeightsChangedMeanwhileIsRefused() throws IOException {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    ModelFacts facts = ModelFacts.of(checkpoint, ENGINE.options(), Optional.empty());
    Path weights = checkpoint.folder().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(
            () -> SsaModel.load(checkpoint, ENGINE, Optional.empty(), facts, new EncodedTexts()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(weights + ": has changed since the run began: its SHA-256 was ");
  }
}

package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.GraphBuilder;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.operator.CudaLimits;

/** What is made of a checkpoint for the CUDA provider; no device is needed for it. */
class CudaWeightsTest {
  @TempDir Path folder;

  private Checkpoint checkpoint(ObjectNode config) {
    return Checkpoint.open(TinyCheckpoint.write(folder.resolve("model"), config).folder());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theGraphHasTheWeightsThatAreMade(Precision precision) throws InvalidProtocolBufferException {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    Map<String, OnnxSession.Weight> weights = CudaWeights.of(checkpoint, precision);
    byte[] graph = CudaGraph.write(checkpoint.config(), checkpoint.layout(), precision, 0);

    List<TensorProto> declared = ModelProto.parseFrom(graph).getGraph().getInitializerList();
    assertThat(declared)
        .extracting(TensorProto::getName)
        .containsExactlyInAnyOrderElementsOf(weights.keySet());
    for (TensorProto tensor : declared) {
      OnnxSession.Weight weight = weights.get(tensor.getName());
      assertThat(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())
          .as(tensor.getName())
          .isEqualTo(weight.shape());
      assertThat(tensor.getDataType()).as(tensor.getName()).isEqualTo(weight.type().code());
    }
  }

  @Test
  void queriesKeysValuesAndGatesAreJoinedInThisOrder() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    OnnxSession.Weight packed =
        CudaWeights.of(checkpoint, Precision.FP32).get(ModelLayout.Joint.ATTENTION.of(1));

    FloatBuffer found = ((ByteBuffer) packed.values()).asFloatBuffer();
    for (Role part : List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.GATES)) {
      FloatBuffer expected = checkpoint.tensor(part.of(1)).floats();
      while (expected.hasRemaining()) {
        assertThat(found.get()).isEqualTo(expected.get());
      }
    }
    assertThat(found.hasRemaining()).isFalse();
  }

  private static ObjectNode llamaWithBiases() {
    return TinyCheckpoint.config()
        .put("model_type", "llama")
        .put("attention_bias", true)
        .put("mlp_bias", true);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theGraphHasTheBiasesThatAreMade(Precision precision) throws InvalidProtocolBufferException {
    Checkpoint checkpoint = checkpoint(llamaWithBiases());
    Map<String, OnnxSession.Weight> weights = CudaWeights.of(checkpoint, precision);
    byte[] graph = CudaGraph.write(checkpoint.config(), checkpoint.layout(), precision, 0);

    for (TensorProto tensor : ModelProto.parseFrom(graph).getGraph().getInitializerList()) {
      OnnxSession.Weight weight = weights.get(tensor.getName());
      assertThat(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray())
          .as(tensor.getName())
          .isEqualTo(weight.shape());
      assertThat(tensor.getDataType()).as(tensor.getName()).isEqualTo(weight.type().code());
    }
  }

  @Test
  void biasesOfOneInputAreJoinedAsTheirMatricesAre() {
    Checkpoint checkpoint = checkpoint(llamaWithBiases());
    Map<String, OnnxSession.Weight> weights = CudaWeights.of(checkpoint, Precision.FP32);
    Map<String, List<Role>> joined =
        Map.of(
            "model.layers.1.self_attn.qkvg_proj.bias",
            List.of(Role.QUERY_BIAS, Role.KEY_BIAS, Role.VALUE_BIAS),
            "model.layers.1.mlp.gate_up_proj.bias",
            List.of(Role.FEED_GATE_BIAS, Role.FEED_UP_BIAS),
            "model.layers.1.self_attn.o_proj.bias",
            List.of(Role.OUTPUT_BIAS));
    joined.forEach(
        (name, parts) -> {
          FloatBuffer found = ((ByteBuffer) weights.get(name).values()).asFloatBuffer();
          for (Role part : parts) {
            FloatBuffer expected = checkpoint.tensor(part.of(1)).floats();
            while (expected.hasRemaining()) {
              assertThat(found.get()).isEqualTo(expected.get());
            }
          }
          assertThat(found.hasRemaining()).isFalse();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen3 | norms of queries and keys",
        "smollm3 | no positions in layers 1",
        "granite | embedding times 12.0, scores times 5.656854249492381",
        "phi3 | joined matrices, 24 of 32 features turned",
      })
  void whatTheGraphDoesNotComputeIsRefused(String family, String fact) {
    ObjectNode config = TinyCheckpoint.config().put("model_type", family);
    switch (family) {
      case "smollm3" -> config.put("no_rope_layer_interval", 2);
      case "granite" -> config.put("embedding_multiplier", 12);
      case "phi3" -> config.put("partial_rotary_factor", 0.75);
      default -> {}
    }
    Checkpoint checkpoint = checkpoint(config);

    assertThatThrownBy(() -> CudaWeights.of(checkpoint, Precision.BF16))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--device cuda: model model: %s runs on the CPU only so far: %s", family, fact);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bfloat16", "float16", "float32"})
  void storedAndConvertedNumbersAreTheSame(String stored) {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config().put("torch_dtype", stored));
    for (Precision precision : Precision.values()) {
      OnnxSession.Weight weight =
          CudaWeights.of(checkpoint, precision).get("model.embed_tokens.weight");
      FloatBuffer expected = checkpoint.tensor("model.embed_tokens.weight").floats();
      ByteBuffer found = (ByteBuffer) weight.values();
      float[] one = new float[1];
      ByteBuffer bytes = ByteBuffer.allocate(precision.bytes()).order(found.order());
      while (expected.hasRemaining()) {
        one[0] = expected.get();
        precision.put(one, 1, bytes.clear());
        bytes.flip();
        while (bytes.hasRemaining()) {
          assertThat(found.get()).isEqualTo(bytes.get());
        }
      }
    }
  }

  @Test
  void normsStayInFp32() {
    assertThat(
            CudaWeights.of(checkpoint(TinyCheckpoint.config()), Precision.BF16)
                .get("model.norm.weight")
                .type())
        .isEqualTo(GraphBuilder.Type.FLOAT);
  }

  @Test
  void headsOfAnotherSizeAreRefused() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config().put("head_dim", 48));

    assertThatThrownBy(() -> CudaWeights.of(checkpoint, Precision.BF16))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--device cuda: model model: heads of 48; there are kernels for 32, 64 and 128");
  }

  @Test
  void widthsThatNoTileDividesAreRefused() {
    assertThatThrownBy(() -> CudaLimits.requireHidden(37))
        .hasMessage("--device cuda: hidden: width 37; multiples of 8");
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config().put("intermediate_size", 50));
    assertThatThrownBy(() -> CudaWeights.of(checkpoint, Precision.BF16))
        .hasMessage("--device cuda: model model: intermediate_size 50; multiples of 4");
  }

  @Test
  void modesOfManyBlocksAndLongChunksAreRefused() {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    RuntimeOptions options = new RuntimeOptions(1, Device.CUDA, Precision.BF16, Isa.AUTO);
    List<AttentionMode> many = List.of(new BlockSparse(16, 513, SelectionRule.EXACT));

    assertThatThrownBy(() -> CudaLimits.require(options, checkpoint, many, Scheduling.standard()))
        .hasMessage("--device cuda: mode sparse:16x513: up to 512 blocks are selected");
    assertThatThrownBy(
            () -> CudaLimits.require(options, checkpoint, List.of(), new Scheduling(4_097, true)))
        .hasMessage("--chunk 4097: is more than 4096 with --device cuda");
    CudaLimits.require(
        RuntimeOptions.cpu(1), checkpoint, many, new Scheduling(Integer.MAX_VALUE, true));
  }

  @Test
  void numbersBeyondHalfPrecisionAreRefused() throws IOException {
    Checkpoint checkpoint = checkpoint(TinyCheckpoint.config());
    Path file = checkpoint.folder().resolve("model.safetensors");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 8 + (int) bytes.getLong(0); at < bytes.limit(); at += 4) {
      bytes.putFloat(at, 70_000);
    }
    Files.write(file, bytes.array());

    assertThatThrownBy(() -> CudaWeights.of(checkpoint, Precision.FP16))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("too large for fp16");
  }
}

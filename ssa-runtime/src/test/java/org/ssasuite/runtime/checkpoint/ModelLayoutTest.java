package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.runtime.checkpoint.ModelLayout.Joint;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.checkpoint.ModelLayout.Tensor;

/** Names and their order as transformers writes them, for a model of one layer. */
class ModelLayoutTest {
  private static ModelLayout layout(boolean tied, boolean gated) {
    ModelConfig config =
        ModelConfig.of(
            Path.of("config.json"),
            TinyCheckpoint.config().put("num_hidden_layers", 1).put("tie_word_embeddings", tied));
    return ModelLayout.of(config.sizes(), gated);
  }

  @Test
  void aTiedModelWithoutGatesHasLlamasTensors() {
    assertThat(layout(true, false).names())
        .containsExactly(
            "model.embed_tokens.weight",
            "model.layers.0.input_layernorm.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.layers.0.self_attn.k_proj.weight",
            "model.layers.0.self_attn.v_proj.weight",
            "model.layers.0.self_attn.o_proj.weight",
            "model.layers.0.post_attention_layernorm.weight",
            "model.layers.0.mlp.gate_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.mlp.down_proj.weight",
            "model.norm.weight");
  }

  @Test
  void aHeadOfItsOwnComesLast() {
    ModelLayout own = layout(false, false);
    assertThat(own.names()).last().isEqualTo("lm_head.weight");
    assertThat(own.head().name()).isEqualTo("lm_head.weight");
    assertThat(layout(true, false).head().name()).isEqualTo("model.embed_tokens.weight");
  }

  @Test
  void gatesAreThreePerQueryHead() {
    assertThat(layout(true, true).get(0, Role.GATES).shape()).containsExactly(12L, 32L);
    assertThat(layout(true, false).gated()).isFalse();
  }

  @Test
  void whatHasTheSameInputGoesTogetherInItsOrder() {
    ModelLayout layout = layout(true, true);
    assertThat(layout.together(layout.get(0, Role.VALUE)))
        .extracting(Tensor::role)
        .containsExactly(Role.QUERY, Role.KEY, Role.VALUE, Role.GATES);
    assertThat(layout.jointName(layout.get(0, Role.KEY))).isEqualTo(Joint.ATTENTION.of(0));
    assertThat(layout.together(layout.get(0, Role.FEED_UP)))
        .extracting(Tensor::role)
        .containsExactly(Role.FEED_GATE, Role.FEED_UP);
  }

  @Test
  void whatHasAnInputOfItsOwnGoesAlone() {
    ModelLayout layout = layout(true, true);
    Tensor output = layout.get(0, Role.OUTPUT);
    assertThat(layout.together(output)).isEqualTo(List.of(output));
    assertThat(layout.jointName(output)).isEqualTo(output.name());
  }
}

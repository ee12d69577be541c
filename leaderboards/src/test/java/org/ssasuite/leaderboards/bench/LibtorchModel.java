package org.ssasuite.leaderboards.bench;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RotaryTable;
import org.ssasuite.runtime.checkpoint.StoredTensor;

/**
 * The rival: the same checkpoint in full attention as one writes it on libtorch, in fp32, with its
 * fused attention. One sequence at a time. Owns its weights for the life of the process.
 */
@SuppressWarnings("try") // scopes and guards work by being open
final class LibtorchModel {
  private final ModelConfig config;
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Tensor cos;
  private final Tensor sin;

  LibtorchModel(Checkpoint checkpoint, int longest, int threads) {
    torch.set_num_threads(threads);
    config = checkpoint.config();
    keep(checkpoint.tensor("model.embed_tokens.weight"));
    keep(checkpoint.tensor("model.norm.weight"));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part :
          List.of(
              "input_layernorm",
              "self_attn.q_proj",
              "self_attn.k_proj",
              "self_attn.v_proj",
              "self_attn.g_proj",
              "self_attn.o_proj",
              "post_attention_layernorm",
              "mlp.gate_proj",
              "mlp.up_proj",
              "mlp.down_proj")) {
        keep(checkpoint.tensor(name(layer, part)));
      }
    }
    RotaryTable table =
        RotaryTable.of(longest, config.headDim(), config.ropeTheta(), config.ropeScaling());
    cos = Tensor.create(table.cos(), longest, config.headDim());
    sin = Tensor.create(table.sin(), longest, config.headDim());
  }

  private static String name(int layer, String part) {
    return "model.layers." + layer + "." + part + ".weight";
  }

  private void keep(StoredTensor tensor) {
    FloatBuffer values = tensor.floats().duplicate();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    weights.put(tensor.name(), Tensor.create(copy, tensor.shape()));
  }

  /** Log-probability of each id but the first, given those before it. */
  float[] logProbabilities(int[] ids) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      int tokens = ids.length - 1;
      Tensor hidden = hidden(ids, tokens);
      Tensor logits = torch.linear(hidden, weights.get("model.embed_tokens.weight"));
      Tensor targets = longs(ids, 1, tokens).unsqueeze(1);
      Tensor rated = torch.log_softmax(logits, 1).gather(1, targets).squeeze(1).contiguous();
      float[] out = new float[tokens];
      rated.<FloatBuffer>createBuffer().get(out);
      return out;
    }
  }

  /** The most probable id behind a text. */
  long next(int[] ids) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor last = hidden(ids, ids.length).narrow(0, ids.length - 1L, 1);
      return torch.linear(last, weights.get("model.embed_tokens.weight")).argmax().item_long();
    }
  }

  private static Tensor longs(int[] ids, int from, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = ids[from + i];
    }
    return Tensor.create(values, count);
  }

  private Tensor hidden(int[] ids, int tokens) {
    Tensor x = torch.embedding(weights.get("model.embed_tokens.weight"), longs(ids, 0, tokens));
    for (int layer = 0; layer < config.layers(); layer++) {
      // What a layer made on its way is given back at once, as Python would.
      try (PointerScope scope = new PointerScope()) {
        Tensor attended = x.add(attention(layer, norm(x, name(layer, "input_layernorm"))));
        Tensor inner = norm(attended, name(layer, "post_attention_layernorm"));
        Tensor gate = torch.silu(project(inner, layer, "mlp.gate_proj"));
        Tensor up = project(inner, layer, "mlp.up_proj");
        Tensor out = attended.add(project(gate.mul(up), layer, "mlp.down_proj"));
        x = out.retainReference();
      }
    }
    return norm(x, "model.norm.weight");
  }

  private Tensor norm(Tensor x, String weight) {
    return torch.rms_norm(
        x,
        new long[] {config.hidden()},
        new TensorOptional(weights.get(weight)),
        new DoubleOptional(config.normEpsilon()));
  }

  private Tensor project(Tensor x, int layer, String part) {
    return torch.linear(x, weights.get(name(layer, part)));
  }

  private Tensor attention(int layer, Tensor x) {
    long tokens = x.size(0);
    int heads = config.queryHeads();
    int dim = config.headDim();
    Tensor q = rotated(heads(project(x, layer, "self_attn.q_proj"), heads), tokens);
    Tensor k = rotated(heads(project(x, layer, "self_attn.k_proj"), config.kvHeads()), tokens);
    Tensor v = heads(project(x, layer, "self_attn.v_proj"), config.kvHeads());
    Tensor out =
        torch
            .scaled_dot_product_attention(
                q, k, v, new TensorOptional(), 0.0, true, new DoubleOptional(), true)
            .squeeze(0)
            .transpose(0, 1);
    Tensor gates = project(x, layer, "self_attn.g_proj").view(tokens, heads, 3).narrow(2, 1, 1);
    Tensor gated = out.mul(torch.sigmoid(gates)).reshape(tokens, (long) heads * dim);
    return project(gated, layer, "self_attn.o_proj");
  }

  /** [T, heads · D] to [1, heads, T, D]. */
  private Tensor heads(Tensor x, int heads) {
    return x.view(1, x.size(0), heads, config.headDim()).transpose(1, 2);
  }

  private Tensor rotated(Tensor x, long tokens) {
    long half = config.headDim() / 2;
    TensorVector turned = new TensorVector(x.narrow(3, half, half).neg(), x.narrow(3, 0, half));
    return x.mul(cos.narrow(0, 0, tokens))
        .add(torch.cat(turned, 3).mul(sin.narrow(0, 0, tokens)), new Scalar(1.0));
  }
}

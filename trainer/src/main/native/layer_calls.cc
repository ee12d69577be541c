// layer_calls.cc: the fused steps of a layer, called on libtorch's current stream
#include "layer_calls.h"

#include <cuda_runtime.h>

#include "cuda_stream.h"
#include "layer/layer.h"

namespace ssa {
namespace {

// Sizes and tensors of a call in the order in which they are asked for.
class Arguments {
 public:
  explicit Arguments(const LayerCall& call) : sizes_(call.sizes), tensors_(call.tensors) {}

  int64_t size() { return *sizes_++; }
  template <typename T = void>
  T* tensor() {
    return reinterpret_cast<T*>(*tensors_++);
  }

 private:
  const int64_t* sizes_;
  const int64_t* tensors_;
};

layer::Norm normOf(const LayerCall& call, Arguments* a, void* stream) {
  layer::Norm norm = {};
  norm.rows = a->size();
  norm.width = a->size();
  norm.epsilon = static_cast<float>(call.reals[0]);
  norm.x = a->tensor<float>();
  norm.weight = a->tensor<float>();
  norm.stream = stream;
  return norm;
}

cuda::Report normForward(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::NormForward f = {};
  f.norm = normOf(call, &a, stream);
  f.added = a.tensor();
  f.sum = a.tensor<float>();
  f.out = a.tensor();
  return layer::normForward(f);
}

cuda::Report normBackward(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::NormBackward b = {};
  b.norm = normOf(call, &a, stream);
  b.gradient = a.tensor();
  b.direct = a.tensor<float>();
  b.dx = a.tensor<float>();
  b.dx_rounded = a.tensor();
  b.out = a.tensor();
  b.d_weight = a.tensor<float>();
  b.parts = a.tensor<float>();
  return layer::normBackward(b);
}

layer::Heads headsOf(Arguments* a, void* stream) {
  int64_t tokens = a->size();
  int64_t query_heads = a->size();
  int64_t kv_heads = a->size();
  int64_t dim = a->size();
  bool gated = a->size() != 0;
  float* cos = a->tensor<float>();
  float* sin = a->tensor<float>();
  return {tokens, query_heads, kv_heads, dim, gated, cos, sin, stream};
}

cuda::Report headsForward(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::Heads heads = headsOf(&a, stream);
  layer::HeadsForward f = {heads, a.tensor(), nullptr, nullptr, nullptr, nullptr};
  f.q = a.tensor();
  f.k = a.tensor();
  f.v = a.tensor();
  f.gates = a.tensor<float>();
  return layer::headsForward(f);
}

cuda::Report headsBackward(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::Heads heads = headsOf(&a, stream);
  layer::HeadsBackward b = {heads, a.size(), {}, {}, {}, a.tensor()};
  for (int64_t i = 0; i < b.branches; i++) {
    b.dq[i] = a.tensor();
    b.dk[i] = a.tensor();
    b.dv[i] = a.tensor();
  }
  return layer::headsBackward(b);
}

void addBranches(Arguments* a, bool backward, layer::GatedStream* s) {
  s->branches = a->size();
  for (int64_t i = 0; i < s->branches; i++) {
    s->gate[i] = a->size();
    s->out[i] = a->tensor();
    if (backward) {
      s->d_out[i] = a->tensor();
    }
  }
}

layer::Gating gatingOf(Arguments* a, bool backward, void* stream) {
  layer::Gating f = {};
  f.tokens = a->size();
  f.heads = a->size();
  f.dim = a->size();
  f.gates = a->tensor<float>();
  f.joined = a->tensor();
  f.stream = stream;
  addBranches(a, backward, &f.main);
  return f;
}

cuda::Report gatingForward(const LayerCall& call, void* stream) {
  Arguments a(call);
  return layer::gatingForward(gatingOf(&a, false, stream));
}

cuda::Report gatingBackward(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::GatingBackward b = {};
  b.gating = gatingOf(&a, true, stream);
  addBranches(&a, true, &b.counterpart);
  b.alignment.present = b.counterpart.branches > 0;
  b.alignment.after_gate = a.size() != 0;
  b.alignment.square = a.size() != 0;
  b.alignment.pulls_main = a.size() != 0;
  b.alignment.pulls_counterpart = a.size() != 0;
  b.alignment.factor = static_cast<float>(call.reals[0]);
  b.d_gate_stride = a.size();
  b.d_joined = a.tensor();
  b.d_gates = a.tensor();
  b.parts = a.tensor<float>();
  b.loss = a.tensor<double>();
  return layer::gatingBackward(b);
}

cuda::Report swiGlu(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::SwiGlu s = {};
  s.rows = a.size();
  s.width = a.size();
  s.gate_up = a.tensor();
  s.out = a.tensor();
  s.d_out = a.tensor();
  s.stream = stream;
  return layer::swiGlu(s);
}

cuda::Report tokenLoss(const LayerCall& call, void* stream) {
  Arguments a(call);
  layer::TokenLoss t = {};
  t.rows = a.size();
  t.vocabulary = a.size();
  t.logits = a.tensor();
  t.targets = a.tensor<int64_t>();
  t.counted = a.tensor<float>();
  t.scale = static_cast<float>(call.reals[0]);
  t.losses = a.tensor<float>();
  t.stream = stream;
  return layer::tokenLoss(t);
}

cuda::Report adamW(const LayerCall& call, void* stream) {
  Arguments a(call);
  const double* r = call.reals;
  layer::AdamW w = {};
  w.elements = a.size();
  w.weights = a.tensor<float>();
  w.rounded = a.tensor();
  w.gradients = a.tensor<float>();
  w.mean = a.tensor<float>();
  w.square = a.tensor<float>();
  w.clip = static_cast<float>(r[0]);
  w.share1 = static_cast<float>(1 - r[1]);
  w.beta2 = static_cast<float>(r[2]);
  w.share2 = static_cast<float>(1 - r[2]);
  w.decay = static_cast<float>(r[3]);
  w.rate = static_cast<float>(r[4]);
  w.root = static_cast<float>(r[5]);
  w.epsilon = static_cast<float>(r[6]);
  w.stream = stream;
  return layer::adamW(w);
}

cuda::Report run(const LayerCall& call, void* stream) {
  switch (call.step) {
    case LayerStep::kNormForward:
      return normForward(call, stream);
    case LayerStep::kNormBackward:
      return normBackward(call, stream);
    case LayerStep::kHeadsForward:
      return headsForward(call, stream);
    case LayerStep::kHeadsBackward:
      return headsBackward(call, stream);
    case LayerStep::kGatingForward:
      return gatingForward(call, stream);
    case LayerStep::kGatingBackward:
      return gatingBackward(call, stream);
    case LayerStep::kSwiGlu:
      return swiGlu(call, stream);
    case LayerStep::kAdamW:
      return adamW(call, stream);
    default:
      return tokenLoss(call, stream);
  }
}

}  // namespace

std::string layerStep(const LayerCall& call) {
  return onDevice(call.device, [&](void* stream) { return run(call, stream); });
}

int64_t freeBytes(int32_t device) {
  size_t free = 0;
  size_t total = 0;
  bool known = cudaSetDevice(device) == cudaSuccess &&
               cudaMemGetInfo(&free, &total) == cudaSuccess;
  return known ? static_cast<int64_t>(free) : 0;
}

int64_t layerParts(const LayerCall& call) {
  return call.step == LayerStep::kNormBackward
             ? layer::normParts() * call.sizes[1]
             : layer::gatingParts(call.sizes[0], call.sizes[1], call.sizes[2]);
}

}  // namespace ssa

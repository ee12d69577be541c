// layer_calls.h: the fused steps of a layer, by number
#pragma once

#include <cstdint>
#include <string>

namespace ssa {

// Numbers as in LayerKernels.Step.
enum class LayerStep : int32_t {
  kNormForward,
  kNormBackward,
  kHeadsForward,
  kHeadsBackward,
  kGatingForward,
  kGatingBackward,
  kSwiGlu,
  kTokenLoss,
  kAdamW
};

struct LayerCall {
  int32_t device;
  LayerStep step;
  const int64_t* sizes;    // what LayerKernels.java states for the step
  const double* reals;     // at least one
  const int64_t* tensors;  // addresses; 0 for none
};

// What went wrong, or the empty string.
std::string layerStep(const LayerCall& call);

// Bytes that are free on a device; 0 if it will not say.
int64_t freeBytes(int32_t device);

// Elements of the temporary array that a step takes.
int64_t layerParts(const LayerCall& call);

}  // namespace ssa

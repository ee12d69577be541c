// packed_gradient.h: one backward call on the device: where its intermediate results lie, its steps
#pragma once

#include <cuda_runtime.h>

#include "kernels/cuda/packed/packed.h"

namespace ssa::cuda {

struct PackedView;

// The selection turned round: who reads a tile of keys.
struct Readers {
  int* counts;         // [chunks, H, tiles]: of a chunk of tokens; later: those of earlier chunks
  int* totals;         // [H, tiles]
  int* starts;         // [H * tiles + 1] into list; selected branch
  int* list;           // [T * H * k] rows of tokens, ascending within a tile
  int* item_starts;    // [H * tiles + 1] work items of slots before
  int2* order;         // [items] item and slot, early readers first; selected branch
  int64_t most_items;  // what grids are sized for
};

// Tokens whose choices one block of threads counts.
constexpr int kChunkTokens = 128;

struct GradientCall {
  const PackedBackward& b;
  const PackedView& view;
  Readers readers;
  const void* keys;    // [K, H, D] element: k, or the means of the compressed branch
  const void* values;  // [K, H, D] element
  float* delta;        // [T, HQ] d_out . out
  float* parts;        // [items, 2, R, D] of keys, then values
  float* mean_keys;    // [K, H, D] gradients of the means; compressed branch
  float* mean_values;  // [K, H, D]
  bool groups;         // whether the kernels of compute capability 9.0 take it
  bool gathers;        // whether those of bf16 do
};

Report findReaders(const GradientCall& call);
Report outputDots(const GradientCall& call);
Report queryGradients(const GradientCall& call);
Report keyGradients(const GradientCall& call);

// What the two take for ranges of keys, where call.groups.
Report queryGradientGroups(const GradientCall& call);
Report keyGradientGroups(const GradientCall& call);

// What the two take where call.gathers; the first makes outputDots' part, too.
Report queryGradientGathered(const GradientCall& call);
Report keyGradientGathered(const GradientCall& call);

// The means of complete blocks [K, H, D], and the way of their gradients back to dk and dv.
Report compressKeys(const GradientCall& call, void* keys, void* values);
Report spreadGradients(const GradientCall& call);

}  // namespace ssa::cuda

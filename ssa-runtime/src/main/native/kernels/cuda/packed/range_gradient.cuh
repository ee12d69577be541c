// range_gradient.cuh: what the gradient kernels of compute capability 9.0 share: a ring of stages, each two
// tiles of 64 rows of D <= 64 elements (128 bytes a row), filled by four copying warps with a stage each
#pragma once

#include "kernels/cuda/packed/packed_view.cuh"
#include "kernels/cuda/tile/warpgroup_held.cuh"

namespace ssa::cuda {

template <int kDim>
struct RangeShape {
  static constexpr int kGroups = kDim == 32 ? 3 : 2;  // of 4 warps that compute
  static constexpr int kRows = 64 * kGroups;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = kDim == 32 ? 160 : 240;
  static constexpr int kFewRegisters = kDim == 32 ? 32 : 24;
  static constexpr int kStages = 4;  // one per copying warp
  static constexpr int kTileRows = 64;
  static constexpr int kTileBytes = kTileRows * 128;
  static constexpr int kStageBytes = 2 * kTileBytes;
  static constexpr int kFactBytes = 1280;  // of a stage, beside its tiles
  static constexpr size_t kSharedBytes =
      1024 + 256 + kStages * (kStageBytes + kFactBytes);
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// A block's shared memory: barriers, facts, then stages from a multiple of 1,024 bytes on.
template <int kDim>
struct Ring {
  using Shape = RangeShape<kDim>;
  char* memory;
  char* stages;

  __device__ explicit Ring(char* shared) : memory(shared) {
    uint32_t behind = sharedAddress(shared) + 256 + Shape::kStages * Shape::kFactBytes;
    stages = shared + 256 + Shape::kStages * Shape::kFactBytes +
             ((behind + 1023) / 1024 * 1024 - behind);
  }
  __device__ Barrier* full(int stage) const { return reinterpret_cast<Barrier*>(memory) + stage; }
  __device__ Barrier* empty(int stage) const {
    return reinterpret_cast<Barrier*>(memory) + Shape::kStages + stage;
  }
  __device__ char* facts(int stage) const { return memory + 256 + stage * Shape::kFactBytes; }
  __device__ char* tile(int stage, int i) const {
    return stages + stage * Shape::kStageBytes + i * Shape::kTileBytes;
  }

  // One thread, before all meet.
  __device__ void make() const {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full(i), 32);
      makeBarrier(empty(i), Shape::kGroups * 128);
    }
  }
};

// A computing warp's place in the ring. A stage is given back when the products that read it are done,
// which is known one tile later.
template <int kDim>
struct Reader {
  using Shape = RangeShape<kDim>;
  const Ring<kDim>& ring;
  int stage = 0;
  int round = 0;
  int pending = -1;

  __device__ explicit Reader(const Ring<kDim>& r) : ring(r) {}
  __device__ void wait() const { await(ring.full(stage), round & 1); }
  // Lanes read a stage's facts each by itself, so each says that it has.
  __device__ void giveBack(int given) const { arrive(ring.empty(given)); }
  __device__ void giveBackPending() {
    if (pending >= 0) {
      giveBack(pending);
    }
    pending = stage;
  }
  // Before tiles that nothing is computed of.
  __device__ void giveBackAll() {
    if (pending >= 0) {
      awaitProducts<0>();
      giveBack(pending);
      pending = -1;
    }
    giveBack(stage);
  }
  __device__ void next() {
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    round += stage == 0;
  }
};

#endif

// Whether the kernels of compute capability 9.0 take a call's branch.
bool hasRangeKernels(const PackedProblem& problem, Element element);

// Rows of a block of threads in the two kernels.
int rangeRows(int64_t head_dim);

}  // namespace ssa::cuda

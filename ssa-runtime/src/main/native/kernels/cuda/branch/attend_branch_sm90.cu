// attend_branch_sm90.cu: attend_branch for compute capability 9.0, elements of 16 bits, D 64 or 128 (and 32
// in training)
//
// in    queries [T, HQ, D]  element, rotated; pages, or key_means and value_means from block_mean
// out   out [T, HQ, D]  element (or the fp32 sum of branches, see Landing)
// math  as attend_branch.cu
// cost  4 (to - from) HQ D flop and (to - from) HQ exponentials per token: at D = 64 both units need the
//       same time, so the warp groups' turns at them must overlap
// num.  fp32, online softmax in tiles of 128 keys, the tokens of a page; a masked key weighs 0, and one
//       behind the sequence is read as 0; only a value of a later token within the same tile that is not
//       finite could reach a row
// grid  (token tiles, H); one group of 4 warps copies tiles into a ring (each warp has stages of its own),
//       3 groups (2 for D = 128) compute 64 rows each, rows = tokens x heads
// twin  kernels/cpu/attention.h attendRanges      oracle  bench/contract.cu
// from  FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/branch/group_rows.cuh"
#include "kernels/cuda/launch.cuh"

namespace ssa::cuda {
namespace {

template <int kDim>
struct GroupShape {
  static constexpr int kGroups = kDim <= 64 ? 3 : 2;
  static constexpr int kRows = 64 * kGroups;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = kDim <= 64 ? 160 : 240;
  static constexpr int kFewRegisters = kDim <= 64 ? 32 : 24;
  static constexpr int kTiles = (kDim + 63) / 64;  // side by side
  static constexpr int kStages = kDim <= 64 ? 4 : 2;
  static constexpr int kStageBytes = 2 * kTiles * kTileBytes;  // keys, then values
  static constexpr int kQueryBytes = kTiles * kRows * 128;
  static constexpr size_t kSharedBytes = 1024 + kQueryBytes + kStages * kStageBytes + 256;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Copies tiles warp, warp + stages, … into the warp's own stage.
template <typename Io, int kDim>
__device__ void produce(const View& v, const Keys<Io>& keys, const Rows& rows, const Range& all,
                        char* stages, Barrier* full, Barrier* empty) {
  using Shape = GroupShape<kDim>;
  int stage = threadIdx.x / 32;
  char* to = stages + stage * Shape::kStageBytes;
  int base = all.from / kTileKeys * kTileKeys + stage * kTileKeys;
  for (int round = 0; base < all.to; round++, base += Shape::kStages * kTileKeys) {
    await(empty + stage, (round & 1) ^ 1);
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    copyKeys<Io, kDim>(key, all.to - base, to);
    copyKeys<Io, kDim>(value, all.to - base, to + Shape::kTiles * kTileBytes);
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(full + stage);
  }
}

template <typename Io, int kDim>
__device__ void consume(const View& v, Branch branch, const Rows& rows, const Range& all,
                        const char* queries, const char* stages, Barrier* full, Barrier* empty,
                        const Output<Io>& output) {
  using Shape = GroupShape<kDim>;
  int thread = threadIdx.x - 128;
  int first_row = thread / 32 * 16;
  int row = first_row + thread % 32 / 4;
  LaneRows mine;
  mine.state = {{-INFINITY, -INFINITY}, {0, 0}};
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int at = row + 8 * half;
    mine.range[half] = rows.there(at) ? rangeOf(v, branch, rows.token(at)) : Range{0, 0};
  }
  // What every row of the warp sees.
  Range early = rangeOf(v, branch, rows.token(first_row));
  Range late = rangeOf(v, branch, min(rows.token(first_row + 15), rows.tile.last - 1));
  float out[kDim / 2];
#pragma unroll
  for (int i = 0; i < kDim / 2; i++) {
    out[i] = 0;
  }
  const char* my_queries = queries + thread / 128 * 64 * 128;
  int stage = 0;
  int round = 0;
  for (int base = all.from / kTileKeys * kTileKeys; base < all.to; base += kTileKeys) {
    const char* tile = stages + stage * Shape::kStageBytes;
    await(full + stage, round & 1);
    float scores[64];
    multiplyQueries<Shape, Io, kDim>(my_queries, tile, scores);
    awaitProducts<0>();
    hold(scores);
    float shrink[2];
    bool masked = base + kTileKeys > early.to || base < late.from;
    weigh<kDim>(scores, base, masked, &mine, shrink, Unwatched());
#pragma unroll
    for (int i = 0; i < kDim / 2; i++) {
      out[i] *= shrink[i / 2 % 2];
    }
    PackedWeights weights;
    packWeights<Io>(scores, weights);
    multiplyValues<Io, kDim>(weights, tile + Shape::kTiles * kTileBytes, out);
    awaitProducts<0>();
    hold(out);
    if (threadIdx.x % 32 == 0) {
      arrive(empty + stage);
    }
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    round += stage == 0;
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float& sum = mine.state.sum[half];
    sum += __shfl_xor_sync(kWarp, sum, 1);
    sum += __shfl_xor_sync(kWarp, sum, 2);
  }
  writeRows<Io, kDim>(v, rows, row, output, out, mine.state);
}

#endif

template <typename Io, int kDim>
__global__ void __launch_bounds__(GroupShape<kDim>::kThreads, 1)
    attendBranchGroupsKernel(View v, Keys<Io> keys, const Io* q, Output<Io> output) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = GroupShape<kDim>;
  extern __shared__ uint4 shared[];
  char* memory = reinterpret_cast<char*>(shared);
  Barrier* full = reinterpret_cast<Barrier*>(memory);
  Barrier* empty = full + Shape::kStages;
  // Tiles begin at multiples of 1,024 bytes.
  uint32_t behind = sharedAddress(memory) + 256;
  char* queries = memory + 256 + ((behind + 1023) / 1024 * 1024 - behind);
  char* stages = queries + Shape::kQueryBytes;
  Rows rows;
  rows.h = blockIdx.y;
  rows.group = v.group;
  // Later tokens see more keys: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, Shape::kRows / v.group, Form::kPrefill,
                &rows.tile)) {
    return;
  }
  Range all = {rangeOf(v, keys.branch, rows.tile.first).from,
               rangeOf(v, keys.branch, rows.tile.last - 1).to};
  if (threadIdx.x == 0) {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, Shape::kGroups * 4);
    }
  }
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  fenceForTensorCores();
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    if (threadIdx.x / 32 < Shape::kStages) {
      produce<Io, kDim>(v, keys, rows, all, stages, full, empty);
    }
  } else {
    growRegisters<Shape::kRegisters>();
    consume<Io, kDim>(v, keys.branch, rows, all, queries, stages, full, empty, output);
  }
#endif
}

template <typename Io, int kDim>
Report attend(const Call& call, Branch branch, const Landing& landing) {
  using Shape = GroupShape<kDim>;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, Shape::kRows / v.group)),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("attend_branch sm90", attendBranchGroupsKernel<Io, kDim>, grid, call.p.stream, v,
                keysOf<Io>(call, branch), static_cast<const Io*>(call.queries),
                outputOf<Io>(call, landing));
}

}  // namespace

bool hasWarpGroups() {
  int device = 0;
  int major = 0;
  bool known = cudaGetDevice(&device) == cudaSuccess &&
               cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device) ==
                   cudaSuccess;
  return known && major == 9;
}

bool hasNarrowGroupKernels(const Call& call) {
  return call.p.layout.element == Element::kBFloat16 && call.p.layout.head_dim == 32 &&
         hasWarpGroups();
}

bool hasGroupKernels(const Call& call) {
  return call.p.layout.element != Element::kFloat32 && call.p.layout.head_dim >= 64 &&
         hasWarpGroups();
}

Report attendBranchGroups(const Call& call, Branch branch, const Landing& landing) {
  bool half = call.p.layout.element == Element::kFloat16;
  if (call.p.layout.head_dim == 32) {
    return attend<__nv_bfloat16, 32>(call, branch, landing);
  }
  if (call.p.layout.head_dim == 64) {
    return half ? attend<__half, 64>(call, branch, landing)
                : attend<__nv_bfloat16, 64>(call, branch, landing);
  }
  return half ? attend<__half, 128>(call, branch, landing)
              : attend<__nv_bfloat16, 128>(call, branch, landing);
}

}  // namespace ssa::cuda

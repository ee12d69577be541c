// watched_rows.cuh: what attend_watched_sm90.cu keeps of its rows beside their answer, in a warp's registers
#pragma once

#include "kernels/cuda/observe/watched_tiles.cuh"

namespace ssa::cuda {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// A lane's share of the sums of its two rows. Every operation is written as it is to be rounded: tiles that
// one block of threads sees whole, another may see as its rows' last.
struct LaneSums {
  float logs[2], squares[2];
  float lengths[2];  // in lanes 4 r + 2

  __device__ void begin() {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      logs[half] = squares[half] = lengths[half] = 0;
    }
  }
};

// Watches a tile's weights. kNear: some keys may be unseen, and x of minus infinity.
template <bool kNear>
struct TileWatch {
  LaneSums* sums;
  float* all;
  float logs, squares;

  __device__ void shrunk(int half, float fall, float shrink, float sum) {
    // Before the first tile the fall is from minus infinity, and there is nothing to scale.
    fall = fmaxf(fall, -1e6f);
    sums->logs[half] = __fmul_rn(__fmaf_rn(fall, sum, sums->logs[half]), shrink);
    sums->squares[half] = __fmul_rn(__fmul_rn(sums->squares[half], shrink), shrink);
    sums->lengths[half] = __fmul_rn(sums->lengths[half], shrink);
    logs = squares = 0;
  }
  __device__ void add(int, float x, float e) {
    logs = __fmaf_rn(e, kNear ? fmaxf(x, kUnseen) : x, logs);
    squares = __fmaf_rn(e, e, squares);
  }
  __device__ void summed(int half, float sum) {
    sums->logs[half] = __fadd_rn(sums->logs[half], logs);
    sums->squares[half] = __fadd_rn(sums->squares[half], squares);
    if (kNear) {
      all[half] = sum;
    }
  }
};

constexpr float kAnchorReach = 100;

// What a warp's 16 rows have, two of them in each lane.
struct WarpRows {
  LaneRows rows;
  LaneSums sums;
  float anchor[2];
  int token[2];        // -1: nothing is told of the row
  float last[2][kLasts];
  float* first[2];     // where the masses of its first keys go; nullptr: nowhere
  uint16_t* share[2];  // where the shares of its first units go, of those that the lane writes
  bool shares[2];      // whether they go there

  __device__ void begin(const View& v, const Told& told, const Rows& where, int row) {
    sums.begin();
    rows.state = {{-INFINITY, -INFINITY}, {0, 0}};
    int s = where.tile.sequence;
    int j = threadIdx.x % 4;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int at = row + 8 * half;
      bool there = where.there(at);
      rows.range[half] = there ? Range{0, where.token(at) + 1} : Range{0, 0};
      bool watched = there && told.c.watched(s, where.token(at));
      int64_t head = watched ? where.head(v, at) : 0;
      token[half] = watched ? where.token(at) : -1;
      anchor[half] = 0;
      first[half] = watched && told.c.sinks
                        ? told.c.values + head * told.c.columns + told.c.column
                        : nullptr;
      shares[half] = watched && told.shares.of_heads != nullptr && j < 2;
      share[half] = told.shares.of_heads + head * told.shares.units + 4 * j;
#pragma unroll
      for (int w = 0; w < kLasts; w++) {
        last[half][w] = 0;
      }
    }
  }

  __device__ float shift(int half) const {
    float top = rows.state.largest[half];
    return top == -INFINITY ? 0.0f : __fmul_rn(top, kScoreScale<kWatchedDim>);
  }

  // The first tile's weights, of whose keys rows keep 64.
  __device__ void keepFirst(const float (&e)[64]) {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      anchor[half] = floorf(shift(half));
      float scale = exp2Fast(shift(half) - anchor[half]);
      if (first[half] == nullptr) {
        continue;
      }
#pragma unroll
      for (int n = 0; n < kFirstKeys / 8; n++) {
        first[half][8 * n + 2 * j] = e[4 * n + 2 * half] * scale;
        first[half][8 * n + 2 * j + 1] = e[4 * n + 2 * half + 1] * scale;
      }
    }
  }

  __device__ void scaleFirst(int half, float scale) {
    for (int k = threadIdx.x % 4 * 2; first[half] != nullptr && k < kFirstKeys; k += 8) {
      first[half][k] *= scale;
      first[half][k + 1] *= scale;
    }
  }

  // Adds a tile's mass to the windows of the last keys that reach into it.
  __device__ void countLast(const float (&e)[64], int base, const float (&all)[2],
                            const float (&shrink)[2]) {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      if (token[half] < 0 || lastBegins(token[half]) >= base + kTileKeys) {
        continue;
      }
#pragma unroll
      for (int w = 0; w < kLasts; w++) {
        int from = token[half] + 1 - lastCount(w);
        float sum = all[half];
        if (from > base) {
          sum = 0;
#pragma unroll
          for (int n = 0; n < 16; n++) {
#pragma unroll
            for (int c = 0; c < 2; c++) {
              bool counts = base + 8 * n + 2 * j + c >= from;
              sum = __fadd_rn(sum, counts ? e[4 * n + 2 * half + c] : 0.0f);
            }
          }
        }
        last[half][w] = __fmaf_rn(last[half][w], shrink[half], sum);
      }
    }
  }

  __device__ bool leavesAnchor() const {
    bool far = shift(0) > anchor[0] + kAnchorReach || shift(1) > anchor[1] + kAnchorReach;
    return __any_sync(kWarp, far);
  }

  // Raises the anchor, and scales what was written before the tile at `base`.
  __device__ void raiseAnchor(int base) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      if (!(shift(half) > anchor[half] + kAnchorReach)) {
        continue;
      }
      float raised = floorf(shift(half));
      float scale = exp2f(anchor[half] - raised);
      anchor[half] = raised;
      scaleFirst(half, scale);
      for (int unit = 0; shares[half] && unit < base / kShareTokens; unit += kTileKeys / kShareTokens) {
        for (int i = unit; i < unit + 4; i++) {
          share[half][i] = shareBits(shareOfBits(share[half][i]) * scale);
        }
      }
    }
  }

  // The products that count a tile's weights.
  template <typename Io>
  __device__ static void count(const PackedWeights& weights, const char* counter,
                               float (&counted)[2][4]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      counted[0][i] = counted[1][i] = 0;
    }
#pragma unroll
    for (int u = 0; u < kTileKeys / 16; u += 2) {
      uint4 b = *reinterpret_cast<const uint4*>(counter + u / 2 * 512);
      multiplyAdd<Io>(counted[u / 2 % 2], weights[u], b.x, b.y);
      multiplyAdd<Io>(counted[u / 2 % 2], weights[u + 1], b.z, b.w);
    }
  }

  // Adds what the products counted of the tile at `base`, and writes its shares; without a branch, in which
  // the compiler would wait for products under way.
  __device__ void put(const float (&counted)[2][4], int base) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      sums.lengths[half] =
          __fadd_rn(sums.lengths[half], __fadd_rn(counted[0][2 * half], counted[1][2 * half]));
      float scale = exp2Fast(shift(half) - anchor[half]);
      uint32_t low = pack<__nv_bfloat16>(counted[0][2 * half] * scale, counted[0][2 * half + 1] * scale);
      uint32_t high = pack<__nv_bfloat16>(counted[1][2 * half] * scale, counted[1][2 * half + 1] * scale);
      asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %3, 0;\n@p st.global.v2.b32 [%0], {%1, %2};\n}" ::"l"(
                       share[half] + base / kShareTokens),
                   "r"(low), "r"(high), "r"(static_cast<int>(shares[half]))
                   : "memory");
    }
  }

  // The answer's sums are whole; what is told becomes relative to the logarithm of its sum.
  __device__ void end(const View& v, const Told& told, const Rows& where, int row) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float lengths = __shfl_sync(kWarp, sums.lengths[half], (lane & ~3) | 2);
      float all[] = {sums.logs[half], sums.squares[half], last[half][0], last[half][1],
                     last[half][2]};
#pragma unroll
      for (float& sum : all) {
        sum += __shfl_xor_sync(kWarp, sum, 1);
        sum += __shfl_xor_sync(kWarp, sum, 2);
      }
      if (token[half] < 0) {
        continue;
      }
      float mass = rows.state.sum[half];
      float top = shift(half);
      float log_sum = (top + log2f(mass)) * kLn2 * kLog2E;
      float fall = top - log_sum;
      float scale = exp2f(fall);
      scaleFirst(half, exp2f(anchor[half] - log_sum));
      if (lane % 4 != 0) {
        continue;
      }
      int64_t head = where.head(v, row + 8 * half);
      double* to = told.c.sums + head * kSums;
      to[kMass] = mass * scale;
      to[kMassTimesLog] = __fmaf_rn(fall, mass, all[0]) * scale;
      to[kMassSquared] = all[1] * scale * scale;
      to[kMassTimesLength] = lengths * scale / kLengthScale;
#pragma unroll
      for (int w = 0; w < kLasts; w++) {
        to[kLastMasses + w] = all[2 + w] * scale;
      }
      if (told.shares.of_heads != nullptr) {
        told.shares.weights[head] = exp2f(anchor[half] - log_sum);
      }
    }
  }
};

#endif

}  // namespace ssa::cuda

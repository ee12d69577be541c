// selected_rows.cuh: softmax attention of 16 heads of one token over keys gathered from pages, by one warp
//
// K and V go from memory to the tensor cores' registers without shared memory: k is permuted so that a
// lane reads D/4 neighbours of a key, and a lane's D/8 neighbours of a value become the columns of as many
// products.
#pragma once

#include "kernels/cuda/branch/branch.cuh"
#include "kernels/cuda/tile/landing.cuh"
#include "kernels/cuda/sequences.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

constexpr int kNowhere = 1 << 30;  // the position of a tile of keys that does not exist

template <typename Io, int kDim>
struct SelectedShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kParts = Operand<Io>::kParts;
  static constexpr int kSteps = kDim / 16;
  static constexpr int kColumns = kDim / 8;  // tiles of the output
  static constexpr int kKeyTiles = kParts == 1 && kDim <= 64 ? 4 : 2;  // of 8 keys, per step
};

// n neighbouring elements, loaded with the widest accesses; zeros if they are not there.
template <typename Io, int n>
struct Neighbours {
  static constexpr int kWords = n * sizeof(Io) / 4;
  uint32_t word[kWords];

  __device__ void load(const Io* from, bool there) {
    constexpr int kWide = kWords % 4 == 0 ? 4 : 2;
#pragma unroll
    for (int i = 0; i < kWords; i += kWide) {
      if constexpr (kWide == 4) {
        uint4 x = there ? reinterpret_cast<const uint4*>(from)[i / 4] : make_uint4(0, 0, 0, 0);
        word[i] = x.x;
        word[i + 1] = x.y;
        word[i + 2] = x.z;
        word[i + 3] = x.w;
      } else {
        uint2 x = there ? reinterpret_cast<const uint2*>(from)[i / 2] : make_uint2(0, 0);
        word[i] = x.x;
        word[i + 1] = x.y;
      }
    }
  }

  // Elements 2 i and 2 i + 1 as operands.
  template <int kParts>
  __device__ void pair(int i, uint32_t (&part)[kParts]) const {
    if constexpr (sizeof(Io) == 2) {
      part[0] = word[i];
    } else {
      split<typename Operand<Io>::Element>(__uint_as_float(word[2 * i]),
                                           __uint_as_float(word[2 * i + 1]), part);
    }
  }

  // Element i of this and of another, side by side.
  template <int kParts>
  __device__ void across(const Neighbours& other, int i, uint32_t (&part)[kParts]) const {
    if constexpr (sizeof(Io) == 2) {
      part[0] = __byte_perm(word[i / 2], other.word[i / 2], i % 2 == 0 ? 0x5410 : 0x7632);
    } else {
      split<typename Operand<Io>::Element>(__uint_as_float(word[i]),
                                           __uint_as_float(other.word[i]), part);
    }
  }
};

// A tile of 8 keys: where it lies and which token it begins with.
struct KeyTile {
  const char* keys;
  int position;
};

// Tile i of the selected blocks, i in steps of 8 keys.
__device__ inline KeyTile keyTile(const View& v, const int32_t* selected, int sequence, int h,
                                  int i, int key_bytes) {
  int entry = i * 8 / v.block_size;
  int block = entry < v.block_count ? selected[entry] : -1;
  if (block < 0) {
    return {nullptr, kNowhere};
  }
  int position = block * v.block_size + i * 8 % v.block_size;
  const char* page = v.page(sequence, position, h);
  return {page + position % PageLayout::kTokens * key_bytes, position};
}

// What one warp computes: 16 heads of a token over some of its keys.
template <typename Io, int kDim>
struct SelectedRows {
  using Shape = SelectedShape<Io, kDim>;
  using Element = typename Shape::Element;
  uint32_t query[Shape::kSteps][Shape::kParts][4];
  float out[Shape::kColumns][4];
  RowState state;

  // `q` of the first of `heads` heads.
  __device__ void begin(const Io* q, int heads) {
    int r = threadIdx.x % 32 / 4;
    int j = threadIdx.x % 4;
    Neighbours<Io, kDim / 4> upper, lower;
    upper.load(q + r * kDim + j * (kDim / 4), r < heads);
    lower.load(q + (r + 8) * kDim + j * (kDim / 4), r + 8 < heads);
#pragma unroll
    for (int step = 0; step < Shape::kSteps; step++) {
#pragma unroll
      for (int i = 0; i < 2; i++) {
        uint32_t a[Shape::kParts], b[Shape::kParts];
        upper.pair(2 * step + i, a);
        lower.pair(2 * step + i, b);
#pragma unroll
        for (int part = 0; part < Shape::kParts; part++) {
          query[step][part][2 * i] = a[part];
          query[step][part][2 * i + 1] = b[part];
        }
      }
    }
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        out[n][i] = 0;
      }
    }
    state = {{-INFINITY, -INFINITY}, {0, 0}};
  }

  // c += q k over one tile of 8 keys.
  __device__ void score(const Neighbours<Io, kDim / 4>& key, float (&c)[4]) const {
#pragma unroll
    for (int step = 0; step < Shape::kSteps; step++) {
      uint32_t b0[Shape::kParts], b1[Shape::kParts];
      key.pair(2 * step, b0);
      key.pair(2 * step + 1, b1);
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
#pragma unroll
        for (int k = 0; k < Shape::kParts; k++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
            multiplyAdd<Element>(c, query[step][i], b0[k], b1[k]);
          }
        }
      }
    }
  }

  // Scores become weights; what came before is rescaled. Scores are in units of log2.
  __device__ void weigh(float (&scores)[Shape::kKeyTiles][4], const int (&position)[Shape::kKeyTiles],
                        int token) {
    int j = threadIdx.x % 4;
    float largest[2] = {state.largest[0], state.largest[1]};
#pragma unroll
    for (int n = 0; n < Shape::kKeyTiles; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        bool seen = position[n] + 2 * j + i % 2 <= token;
        scores[n][i] = seen ? scores[n][i] * kScoreScale<kDim> : -INFINITY;
        largest[i / 2] = fmaxf(largest[i / 2], scores[n][i]);
      }
    }
#pragma unroll
    for (int row = 0; row < 2; row++) {
      largest[row] = fmaxf(largest[row], __shfl_xor_sync(kWarp, largest[row], 1));
      largest[row] = fmaxf(largest[row], __shfl_xor_sync(kWarp, largest[row], 2));
    }
    if (__any_sync(kWarp, largest[0] != state.largest[0] || largest[1] != state.largest[1])) {
      rescale(largest);
    }
#pragma unroll
    for (int n = 0; n < Shape::kKeyTiles; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        // While all scores are minus infinity, a finite shift keeps their difference from being NaN.
        float shift = state.largest[i / 2] == -INFINITY ? 0.0f : state.largest[i / 2];
        scores[n][i] = exp2Fast(scores[n][i] - shift);
        state.sum[i / 2] += scores[n][i];
      }
    }
  }

  __device__ void rescale(const float (&largest)[2]) {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      float shrink = largest[row] == state.largest[row]
                         ? 1.0f
                         : exp2Fast(state.largest[row] - largest[row]);
      state.largest[row] = largest[row];
      state.sum[row] *= shrink;
#pragma unroll
      for (int n = 0; n < Shape::kColumns; n++) {
        out[n][2 * row] *= shrink;
        out[n][2 * row + 1] *= shrink;
      }
    }
  }

  // As addValues; its sums are rounded, not cut off: see branch_rows.cuh.
  __device__ void addValuesExactly(const float (&upper)[4], const float (&lower)[4],
                                   const Neighbours<Io, kDim / 8> (&value)[4]) {
    float before[Shape::kColumns][4];
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        before[n][i] = out[n][i];
        out[n][i] = 0;
      }
    }
    addValues(upper, lower, value);
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        out[n][i] = __fadd_rn(out[n][i], before[n][i]);
      }
    }
  }

  // out += weights of 16 keys times their values; value[2 i + k]: keys 2 j + k of tile i.
  __device__ void addValues(const float (&upper)[4], const float (&lower)[4],
                            const Neighbours<Io, kDim / 8> (&value)[4]) {
    uint32_t weight[4][Shape::kParts];
    split<Element>(upper[0], upper[1], weight[0]);
    split<Element>(upper[2], upper[3], weight[1]);
    split<Element>(lower[0], lower[1], weight[2]);
    split<Element>(lower[2], lower[3], weight[3]);
#pragma unroll
    for (int n = 0; n < Shape::kColumns; n++) {
      uint32_t b0[Shape::kParts], b1[Shape::kParts];
      value[0].across(value[1], n, b0);
      value[2].across(value[3], n, b1);
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
        uint32_t a[4] = {weight[0][i], weight[1][i], weight[2][i], weight[3][i]};
#pragma unroll
        for (int k = 0; k < Shape::kParts; k++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
            multiplyAdd<Element>(out[n], a, b0[k], b1[k]);
          }
        }
      }
    }
  }

  // Each lane has added up a quarter of the columns of every product.
  __device__ void finish() {
#pragma unroll
    for (int row = 0; row < 2; row++) {
      state.sum[row] += __shfl_xor_sync(kWarp, state.sum[row], 1);
      state.sum[row] += __shfl_xor_sync(kWarp, state.sum[row], 2);
    }
  }

  // Steps first, first + stride, … of a token's keys.
  template <bool kExact = false>
  __device__ void attend(const View& v, const int32_t* selected, int sequence, int h, int token,
                         int first, int stride);
};

template <typename Io, int kDim>
template <bool kExact>
__device__ void SelectedRows<Io, kDim>::attend(const View& v, const int32_t* selected,
                                               int sequence, int h, int token, int first,
                                               int stride) {
  constexpr int kTiles = Shape::kKeyTiles;
  constexpr int kWindow = 32 / kTiles;  // steps whose tiles the 32 lanes look up together
  constexpr int kValues = static_cast<int>(PageLayout::kTokens) * kDim;
  int lane = threadIdx.x % 32;
  int r = lane / 4;
  int j = lane % 4;
  int steps = (v.block_count * v.block_size / 8 + kTiles - 1) / kTiles;
  for (int window = first; window < steps; window += kWindow * stride) {
    // Lane l finds tile l % kTiles of the window's step l / kTiles.
    KeyTile mine = keyTile(v, selected, sequence, h,
                           (window + lane / kTiles * stride) * kTiles + lane % kTiles,
                           kDim * static_cast<int>(sizeof(Io)));
    for (int i = 0; i < kWindow && window + i * stride < steps; i++) {
      const Io* tile[kTiles];
      int position[kTiles];
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
        tile[n] = reinterpret_cast<const Io*>(__shfl_sync(
            kWarp, reinterpret_cast<unsigned long long>(mine.keys), i * kTiles + n));
        position[n] = __shfl_sync(kWarp, mine.position, i * kTiles + n);
      }
      if (position[0] > token) {
        return;  // entries ascend: nothing that the token may see is left
      }
      Neighbours<Io, kDim / 4> key[kTiles];
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
        key[n].load(tile[n] + r * kDim + j * (kDim / 4), position[n] + r <= token);
      }
      Neighbours<Io, kDim / 8> value[kTiles / 2][4];
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
#pragma unroll
        for (int k = 0; k < 2; k++) {
          value[n / 2][n % 2 * 2 + k].load(
              tile[n] + kValues + (2 * j + k) * kDim + r * (kDim / 8),
              position[n] + 2 * j + k <= token);
        }
      }
      float scores[kTiles][4] = {};
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
        score(key[n], scores[n]);
      }
      weigh(scores, position, token);
#pragma unroll
      for (int n = 0; n < kTiles; n += 2) {
        if constexpr (kExact) {
          addValuesExactly(scores[n], scores[n + 1], value[n / 2]);
        } else {
          addValues(scores[n], scores[n + 1], value[n / 2]);
        }
      }
    }
  }
}

}  // namespace ssa::cuda

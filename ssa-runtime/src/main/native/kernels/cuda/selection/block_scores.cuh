// block_scores.cuh: scores of a warp's query heads over a tile of block means
//
// The means are the rows of the product and the heads its columns, so that a head's sum over blocks
// stays in one lane's registers until the end, and a sum over heads needs few exchanges.
//
// A warp has 64 columns: 8 tiles of 8 heads. G heads take ceil(G / 8) tiles, rounded up to a power of
// two (kHeadTiles); columns behind the last head are 0. So a warp takes 8 / kHeadTiles tokens.
#pragma once

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/sequences.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

// Parts of a block mean: fp32 inputs keep 24 bits, others 16 (bf16) or 22 (fp16).
template <typename Io>
constexpr int kMeanParts = Operand<Io>::kParts == 3 ? 3 : 2;

constexpr int kColumnTiles = 8;
constexpr int kMostHeadTiles = 4;
constexpr int kMostWarps = 4;  // per block of threads

template <typename Io, int kDim>
struct ScoreShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kQueryParts = Operand<Io>::kParts;
  static constexpr int kParts = kMeanParts<Io>;
  static constexpr int kSteps = kDim / 16;
  // Queries stay in registers if 64 hold them; else they are read from shared memory for 32 rows
  // of means at a time.
  static constexpr bool kResident = kQueryParts == 1 && kDim <= 64;
  static constexpr int kRowTiles = kResident ? 1 : 2;
  static constexpr int kRows = 16 * kRowTiles;
  static constexpr int kTile = kQueryParts == 1 ? 64 : 32;  // blocks per stage
  static constexpr int kPitch = kDim + 8;                   // keeps ldmatrix free of conflicts
  static constexpr int kStageElements = kParts * kTile * kPitch;
  static constexpr int kWarpElements = kResident ? 0 : kQueryParts * 64 * kPitch;

  static size_t sharedBytes(int warps) {
    return sizeof(Element) * (2 * kStageElements + warps * kWarpElements);
  }
};

// Which token and head a column of a warp is.
struct Columns {
  int head_tiles;   // per token
  int first_token;  // of the warp, within the sequence
  int last_token;
  int row;          // of first_token in q

  __device__ int token(int tile) const { return first_token + tile / head_tiles; }
  __device__ int head(int tile, int column) const { return tile % head_tiles * 8 + column; }
  __device__ int tokens() const { return kColumnTiles / head_tiles; }
};

__device__ inline Columns columnsOf(const TokenTile& tile, int head_tiles, int warp) {
  int skipped = warp * (kColumnTiles / head_tiles);
  return {head_tiles, tile.first + skipped, min(tile.last, tile.first + skipped + kColumnTiles / head_tiles),
          tile.row + skipped};
}

template <typename Io, int kDim>
struct WarpQueries {
  using Shape = ScoreShape<Io, kDim>;
  uint32_t resident[Shape::kResident ? kColumnTiles : 1][Shape::kResident ? Shape::kSteps : 1][2];
  typename Shape::Element* shared;  // [parts, 64, pitch] of this warp

  __device__ void load(const View& v, const Io* q, const Columns& columns, int kv_head,
                       typename Shape::Element* memory) {
    int lane = threadIdx.x % 32;
    shared = memory;
    if constexpr (Shape::kResident) {
#pragma unroll
      for (int n = 0; n < kColumnTiles; n++) {
        const Io* from = row(v, q, columns, kv_head, n, lane / 4);
#pragma unroll
        for (int step = 0; step < Shape::kSteps; step++) {
#pragma unroll
          for (int i = 0; i < 2; i++) {
            resident[n][step][i] =
                from == nullptr ? 0u
                                : *reinterpret_cast<const uint32_t*>(from + step * 16 + 8 * i +
                                                                     lane % 4 * 2);
          }
        }
      }
    } else {
      for (int column = 0; column < 64; column++) {
        const Io* from = row(v, q, columns, kv_head, column / 8, column % 8);
        for (int d = 2 * lane; d < kDim; d += 64) {
          uint32_t part[Shape::kQueryParts];
          float x = from == nullptr ? 0.0f : toFloat(from[d]);
          float y = from == nullptr ? 0.0f : toFloat(from[d + 1]);
          split<typename Shape::Element>(x, y, part);
          for (int i = 0; i < Shape::kQueryParts; i++) {
            *reinterpret_cast<uint32_t*>(memory + (i * 64 + column) * Shape::kPitch + d) = part[i];
          }
        }
      }
      __syncwarp();
    }
  }

 private:
  __device__ static const Io* row(const View& v, const Io* q, const Columns& columns, int kv_head,
                                  int tile, int column) {
    int token = columns.token(tile);
    int head = columns.head(tile, column);
    if (token >= columns.last_token || head >= v.group) {
      return nullptr;
    }
    int64_t at = static_cast<int64_t>(columns.row + token - columns.first_token) * v.query_heads +
                 kv_head * v.group + head;
    return q + at * kDim;
  }
};

// Starts copying blocks [first, first + kTile) of all parts; means: [parts, N, D] of one head.
template <typename Shape, int kDim>
__device__ void copyMeans(const typename Shape::Element* means, int stride, int first,
                          typename Shape::Element* stage) {
  constexpr int kChunks = kDim / 8;
  for (int i = threadIdx.x; i < Shape::kParts * Shape::kTile * kChunks; i += blockDim.x) {
    int part = i / (Shape::kTile * kChunks);
    int block = i / kChunks % Shape::kTile;
    int d = i % kChunks * 8;
    copyAsync(stage + (part * Shape::kTile + block) * Shape::kPitch + d,
              means + (static_cast<int64_t>(part) * stride + first + block) * kDim + d, true);
  }
}

template <typename Shape>
using Scores = float[Shape::kRowTiles][kColumnTiles][4];

// scores += means of rows [first, first + kRows) of a stage times the warp's queries
template <typename Io, int kDim>
__device__ void addScores(Scores<ScoreShape<Io, kDim>>& scores,
                          const typename Operand<Io>::Element* stage, int first,
                          const WarpQueries<Io, kDim>& queries) {
  using Shape = ScoreShape<Io, kDim>;
  using Element = typename Shape::Element;
  int lane = threadIdx.x % 32;
  const Element* mean = stage + (first + lane % 16) * Shape::kPitch + lane / 16 * 8;
#pragma unroll
  for (int step = 0; step < Shape::kSteps; step++) {
    uint32_t a[Shape::kRowTiles][Shape::kParts][4];
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
        loadMatrices(a[m][i],
                     mean + (i * Shape::kTile + m * 16) * Shape::kPitch + step * 16);
      }
    }
    if constexpr (Shape::kResident) {
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
#pragma unroll
        for (int n = 0; n < kColumnTiles; n++) {
          multiplyAdd<Element>(scores[0][n], a[0][i], queries.resident[n][step][0],
                               queries.resident[n][step][1]);
        }
      }
    } else {
      const Element* query =
          queries.shared + (lane % 8 + lane / 16 * 8) * Shape::kPitch + lane / 8 % 2 * 8 + step * 16;
#pragma unroll
      for (int j = 0; j < Shape::kQueryParts; j++) {
#pragma unroll
        for (int n = 0; n < kColumnTiles; n += 2) {
          uint32_t b[4];
          loadMatrices(b, query + (j * 64 + n * 8) * Shape::kPitch);
#pragma unroll
          for (int i = 0; i < Shape::kParts; i++) {
            if (counts<Shape::kParts, Shape::kQueryParts>(i, j)) {
#pragma unroll
              for (int m = 0; m < Shape::kRowTiles; m++) {
                multiplyAdd<Element>(scores[m][n], a[m][i], b[0], b[1]);
                multiplyAdd<Element>(scores[m][n + 1], a[m][i], b[2], b[3]);
              }
            }
          }
        }
      }
    }
  }
}

// Tiles of 8 heads that a group takes, a power of two; 0 if there are too many heads.
inline int headTiles(int64_t group) {
  for (int tiles = 1; tiles <= kMostHeadTiles; tiles *= 2) {
    if (group <= 8 * tiles) {
      return tiles;
    }
  }
  return 0;
}

// As many warps as the device's shared memory has room for; each also needs `warp_bytes`.
template <typename Shape>
int warpsThatFit(size_t warp_bytes, int most) {
  int warps = most;
  while (warps > 1 && Shape::sharedBytes(warps) + warps * warp_bytes > mostSharedBytes()) {
    warps /= 2;
  }
  return warps;
}

}  // namespace ssa::cuda

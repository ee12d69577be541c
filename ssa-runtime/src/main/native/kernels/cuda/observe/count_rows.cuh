// count_rows.cuh: where the attention of query rows goes, counted tile by tile with the sum known
//
// in    scores of a tile of keys as a product of m16n8 leaves them; the answer's logarithm of each row's
//       softmax sum, in units of log2: l
// math  x_j = s_j log2(e) / sqrt(D) - l and e_j = 2^x_j is the weight a_j up to the rounding of l. With
//           S = sum of e_j,  X = sum of e_j x_j,  Q = sum of e_j^2,  V = sum of e_j |v_j|
//       a_j = e_j / S, so that the rounding of l, whatever it is, cancels:
//           entropy         -sum a_j log2 a_j = -sum a_j (x_j - log2 S) = log2 S - X / S  bits
//           effective keys  1 / sum a_j^2 = S^2 / Q
//           by value        sum over j < n of e_j |v_j| / V
//       No maximum is taken and nothing is rescaled: a row's counts are plain sums in the order of its
//       tiles. A window of the last n positions begins at t + 1 - n: tiles before it add nothing, the
//       tile in which it begins adds part of its weights, later ones add all.
// cost  per key and row one exponential and 5 fp32 operations, beside 2 D flop of the product: against
//       4 D flop, one exponential and 3 operations of the answer
// num.  a tile's sums in fp32; across tiles in fp32 for 16-bit elements, in fp64 for fp32
#pragma once

#include "kernels/cuda/branch/branch.cuh"
#include "kernels/cuda/observe/observe.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

// The score of a key that a row does not see, and the shift of a row that is not there: e is 0, x finite,
// so that 0 x is 0.
constexpr float kUnseen = -1e6f;
constexpr float kNoRow = 1e4f;
constexpr int kLasts = 3;

__device__ inline int lastCount(int i) { return i == 0 ? 16 : i == 1 ? 128 : 1024; }

// By value to every counting kernel.
struct CountView {
  const int64_t* ranges;
  bool sinks;
  const float* lengths;
  const int64_t* length_starts;
  const int64_t* length_tokens;
  const float* log_sums;
  double* sums;
  float* importance;
  int64_t units;
  int parts;
  bool unit_of_8;
  float* values;
  int columns;
  int column;
  const int64_t* decoded;  // starts of the whole call: sequences of one new token are counted alone

  __device__ bool counts(int s) const {
    return decoded == nullptr || decoded[s + 1] - decoded[s] == 1;
  }
  __device__ const float* lengthsOf(int s, int h) const {
    return lengths == nullptr ? nullptr : lengths + length_starts[s] + h * length_tokens[s];
  }
  __device__ bool watched(int s, int token) const {
    return token >= ranges[2 * s] && token < ranges[2 * s + 1];
  }
};

inline CountView countView(const Wave& wave, const Counted& counted) {
  const AttentionParameters& p = wave.call.p;
  return {wave.ranges,
          wave.sinks,
          wave.lengths,
          wave.length_starts,
          wave.length_tokens,
          counted.log_sums,
          wave.sums,
          wave.importance,
          wave.units,
          importanceParts(p.query_heads / p.kv_heads),
          wave.unit_tokens == 8,
          wave.values,
          wave.columns,
          counted.column,
          wave.decoded};
}

// Tokens whose heads 16 rows take: a token's heads never lie in two warps' rows, but for groups of more
// than 16, whose tokens take two tiles of rows.
__host__ __device__ inline int tokensPerTile(int group) { return group > 16 ? 0 : 16 / group; }

// The rows of a block of threads, in tiles of 16.
struct WatchedRows {
  TokenTile tile;
  int h;
  int group;
  int per_tile;  // tokens of 16 rows; 0: a token takes two tiles
  int from;      // the positions that are watched
  int to;

  __device__ int token(int row) const {
    return tile.first + (per_tile > 0 ? row / 16 * per_tile + row % 16 / group : row / 32);
  }
  __device__ int headInGroup(int row) const { return per_tile > 0 ? row % 16 % group : row % 32; }
  __device__ bool there(int row) const {
    bool real = per_tile > 0 ? row % 16 < per_tile * group : row % 32 < group;
    int t = token(row);
    return real && t < tile.last && t >= from && t < to;
  }
  __device__ int64_t head(const View& v, int row) const {
    return static_cast<int64_t>(tile.row + token(row) - tile.first) * v.query_heads + h * group +
           headInGroup(row);
  }
  // Whether any of the tile's tokens is watched.
  __device__ bool any() const { return tile.first < to && tile.last > from; }
};

// The rows of tile `index` of `rows` rows; false if there are none to count.
__device__ inline bool findWatched(const View& v, const CountView& c, int index, int rows, int h,
                                   WatchedRows* found) {
  int per_tile = tokensPerTile(v.group);
  int tokens = per_tile > 0 ? rows / 16 * per_tile : rows / 32;
  if (!findTile(v, index, tokens, Form::kPrefill, &found->tile)) {
    return false;
  }
  found->h = h;
  found->group = v.group;
  found->per_tile = per_tile;
  found->from = static_cast<int>(c.ranges[2 * found->tile.sequence]);
  found->to = static_cast<int>(c.ranges[2 * found->tile.sequence + 1]);
  return found->any() && c.counts(found->tile.sequence);
}

inline int watchedTokens(const View& v, int rows) {
  int per_tile = tokensPerTile(v.group);
  return per_tile > 0 ? rows / 16 * per_tile : rows / 32;
}

// One of a lane's rows, r and r + 8 of 16; the sums are the lane's share.
template <typename Total>
struct CountedRow {
  Range range;
  int token;
  float shift;   // log2 of the answer's sum
  float* first;  // where its key masses go; nullptr: nowhere
  Total all, logs, squares, lengths, last[kLasts];

  __device__ void begin(const View& v, const CountView& c, const WatchedRows& rows, Branch branch,
                        int row) {
    bool there = rows.there(row);
    token = there ? rows.token(row) : -1;
    range = there ? rangeOf(v, branch, token) : Range{0, 0};
    shift = there ? c.log_sums[rows.head(v, row)] * kLog2E : kNoRow;
    first = there && c.sinks ? c.values + rows.head(v, row) * c.columns + c.column : nullptr;
    all = logs = squares = lengths = 0;
    for (int i = 0; i < kLasts; i++) {
      last[i] = 0;
    }
    // A key that no tile brings has no mass.
    int j = threadIdx.x % 4;
    for (int k = 2 * j; first != nullptr && k < kFirstKeys; k += 8) {
      first[k] = 0;
      first[k + 1] = 0;
    }
  }

  __device__ void end(const View& v, const CountView& c, const WatchedRows& rows, int row) {
    Total sums[] = {all, logs, squares, lengths, last[0], last[1], last[2]};
#pragma unroll
    for (Total& sum : sums) {
      sum += __shfl_xor_sync(kWarp, sum, 1);
      sum += __shfl_xor_sync(kWarp, sum, 2);
    }
    if (rows.there(row) && threadIdx.x % 4 == 0) {
      double* to = c.sums + rows.head(v, row) * kSums;
#pragma unroll
      for (int i = 0; i < 4 + kLasts; i++) {
        to[i] = sums[i];
      }
    }
  }
};

// In what follows at(i, half, c) is the score, then the e, of key base + 8 i + 2 j + c in row r + 8 half.

// Takes the keys out that rows do not see.
template <int n, typename Total, typename At>
__device__ void maskTile(At at, int base, const CountedRow<Total> (&row)[2]) {
  int j = threadIdx.x % 4;
#pragma unroll
  for (int i = 0; i < n; i++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        int key = base + 8 * i + 2 * j + c;
        bool seen = key >= row[half].range.from && key < row[half].range.to;
        float& x = at(i, half, c);
        x = seen ? x : kUnseen;
      }
    }
  }
}

// Scores of n times 8 keys become e, and are counted; part: the mass of each 8 keys in the lane; all: of
// the tile. `lengths`: of the tile's values, or nullptr.
template <int kDim, int n, typename Total, typename At>
__device__ void countScores(At at, const float* lengths, CountedRow<Total> (&row)[2],
                            float (&part)[2][n], float (&all)[2]) {
  int j = threadIdx.x % 4;
  float logs[2] = {0, 0};
  float squares[2] = {0, 0};
  float weighted[2] = {0, 0};
#pragma unroll
  for (int i = 0; i < n; i++) {
    float2 length = make_float2(0, 0);
    if (lengths != nullptr) {
      length = *reinterpret_cast<const float2*>(lengths + 8 * i + 2 * j);
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float e[2];
#pragma unroll
      for (int c = 0; c < 2; c++) {
        float x = fmaf(at(i, half, c), kScoreScale<kDim>, -row[half].shift);
        e[c] = exp2Fast(x);
        logs[half] = fmaf(e[c], x, logs[half]);
        squares[half] = fmaf(e[c], e[c], squares[half]);
        weighted[half] = fmaf(e[c], c == 0 ? length.x : length.y, weighted[half]);
        at(i, half, c) = e[c];
      }
      part[half][i] = e[0] + e[1];
    }
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    all[half] = 0;
    // In pairs: units of 16 need their sums anyway.
#pragma unroll
    for (int i = 0; i < n; i += 2) {
      all[half] += part[half][i] + part[half][i + 1];
    }
    row[half].all += all[half];
    row[half].logs += logs[half];
    row[half].squares += squares[half];
    row[half].lengths += weighted[half];
  }
}

// From this position on a row's keys are among its last ones.
__device__ inline int lastBegins(int token) { return token + 1 - lastCount(kLasts - 1); }

// Adds a tile's mass to the windows of the last keys that reach into it.
template <int n, typename Total, typename At>
__device__ void countLast(At at, int base, const float (&all)[2], CountedRow<Total> (&row)[2]) {
  int j = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (lastBegins(row[half].token) >= base + 8 * n) {
      continue;
    }
#pragma unroll
    for (int w = 0; w < kLasts; w++) {
      int from = row[half].token + 1 - lastCount(w);
      if (from <= base) {
        row[half].last[w] += all[half];
      } else if (from < base + 8 * n) {
        float sum = 0;
#pragma unroll
        for (int i = 0; i < n; i++) {
#pragma unroll
          for (int c = 0; c < 2; c++) {
            sum += base + 8 * i + 2 * j + c >= from ? at(i, half, c) : 0.0f;
          }
        }
        row[half].last[w] += sum;
      }
    }
  }
}

template <int n, typename Total, typename At>
__device__ void keepFirst(At at, int base, const CountedRow<Total> (&row)[2]) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
#pragma unroll
    for (int i = 0; i < n; i++) {
      int key = base + 8 * i + 2 * (threadIdx.x % 4);
      if (key < kFirstKeys && row[half].first != nullptr) {
        row[half].first[key] = at(i, half, 0);
        row[half].first[key + 1] = at(i, half, 1);
      }
    }
  }
}

// All of the above for a tile of which rows may see a part.
template <int kDim, int n, typename Total, typename At>
__device__ void countTile(At at, int base, bool masked, const float* lengths,
                          CountedRow<Total> (&row)[2], float (&part)[2][n]) {
  if (masked) {
    maskTile<n>(at, base, row);
  }
  float all[2];
  countScores<kDim, n>(at, lengths, row, part, all);
  countLast<n>(at, base, all, row);
  if (base < kFirstKeys) {
    keepFirst<n>(at, base, row);
  }
}

}  // namespace ssa::cuda

// attend.h: softmax attention of a few query rows, one tile of keys at a time
//
// in    queries [M, D]     fp32, rotated and scaled
//       a tile of up to 64 keys in segments: keys [D, 64] transposed, values [keys, D] strided
//       from, to [M]       the keys of the tile that each row may see
// out   state: largest score, sum of exponentials, weighted sum of values, per row
// math  online softmax: each tile rescales what came before by e^(old maximum - new maximum)
// cost  4 M D flop per key
// num.  fp32 with the sum of exponentials in fp64; a row's bits depend only on the tiles that it
//       sees and their order. A key outside a row's range cannot reach it, not even as a NaN.
//       A watcher (observe.h) sees the weights as they are made; it is a template parameter, so that
//       who has none runs the code without, and none of its work reaches scores, sums or output.
// oracle  oracle/AttentionOracle.java
// from  Milakov and Gimelshein arXiv:1805.02867, FlashAttention arXiv:2205.14135
#pragma once

namespace ssa::SSA_ISA {

struct Segment {
  const float* keys;    // [D, 64], first key of the segment
  int64_t lane;         // lane of that key within its tile of 64
  const float* values;  // [count, D], row stride value_stride
  int64_t value_stride;
  int64_t count;
  int64_t position = 0;  // of that key within its sequence
};

constexpr int64_t kTileKeys = kKeyLanes;
constexpr int64_t kMostSegments = 8;

struct Tile {
  Segment segment[kMostSegments];
  int64_t segments;
  int64_t keys;
};

// Mutable: the running softmax of M rows. Lives in scratch of one work item.
struct RowState {
  int64_t rows;
  int64_t dim;
  const float* queries;  // [M, D]
  float* scores;         // [M, 64]
  float* narrow;         // [M, vector]: for segments shorter than a vector
  float* largest;        // [M]
  double* sum;           // [M]
  float* out;            // [M, D]
  int64_t* from;         // [M]
  int64_t* to;           // [M]
};

// The watcher of rows that nobody observes.
struct Unwatched {
  struct Partial {};

  static void open(const Tile&) {}
  static void rescale(int64_t, float, float, float, double) {}
  static Partial begin(int64_t) { return {}; }
  static void add(Partial&, int64_t, Floats, Floats) {}
  static void end(int64_t, const Partial&, const float*, float, float) {}
};

inline size_t rowStateBytes(int64_t rows, int64_t dim) {
  return static_cast<size_t>(rows) *
         (sizeof(float) * (2 * dim + kTileKeys + kFloats + 16) + sizeof(double) * 8 + 32);
}

inline float* carveFloats(char*& memory, int64_t count) {
  float* mine = reinterpret_cast<float*>(memory);
  memory += (count * sizeof(float) + 63) / 64 * 64;
  return mine;
}

inline double* carveDoubles(char*& memory, int64_t count) {
  return reinterpret_cast<double*>(carveFloats(memory, 2 * count));
}

inline int64_t* carveIntegers(char*& memory, int64_t count) {
  return reinterpret_cast<int64_t*>(carveFloats(memory, 2 * count));
}

inline RowState carveRowState(char*& memory, int64_t rows, int64_t dim, float** queries) {
  RowState s;
  s.rows = rows;
  s.dim = dim;
  *queries = carveFloats(memory, rows * dim);
  s.queries = *queries;
  s.scores = carveFloats(memory, rows * kTileKeys);
  s.narrow = carveFloats(memory, rows * kFloats);
  s.largest = carveFloats(memory, rows);
  s.sum = carveDoubles(memory, rows);
  s.out = carveFloats(memory, rows * dim);
  s.from = carveIntegers(memory, rows);
  s.to = carveIntegers(memory, rows);
  return s;
}

inline void beginRows(const RowState& s) {
  for (int64_t r = 0; r < s.rows; r++) {
    s.largest[r] = kMinusInfinity;
    s.sum[r] = 0;
  }
  __builtin_memset(s.out, 0, sizeof(float) * s.rows * s.dim);
}

inline void scoreSegment(const RowState& s, const Segment& segment, int64_t column) {
  if (segment.count >= kFloats) {
    multiply(s.rows, segment.count, s.queries, s.dim, segment.keys, kKeyLanes, s.dim,
             s.scores + column, kTileKeys, false);
    return;
  }
  int64_t skipped = segment.lane % kFloats;
  multiply(s.rows, kFloats, s.queries, s.dim, segment.keys - skipped, kKeyLanes, s.dim, s.narrow,
           kFloats, false);
  for (int64_t r = 0; r < s.rows; r++) {
    __builtin_memcpy(s.scores + r * kTileKeys + column, s.narrow + r * kFloats + skipped,
                     sizeof(float) * segment.count);
  }
}

// Scores of one row become weights; what came before is rescaled.
template <typename Watcher>
inline __attribute__((always_inline)) void weighRow(const RowState& s, int64_t r, int64_t keys, Watcher& watcher) {
  float* row = s.scores + r * kTileKeys;
  int64_t padded = ceilDivide(keys, kFloats) * kFloats;
  for (int64_t j = 0; j < s.from[r]; j++) {
    row[j] = kMinusInfinity;
  }
  for (int64_t j = s.to[r]; j < padded; j++) {
    row[j] = kMinusInfinity;
  }
  Floats top = load(row);
  for (int64_t j = kFloats; j < padded; j += kFloats) {
    top = larger(top, load(row + j));
  }
  float tile_largest = largestLane<float>(top);
  float before = s.largest[r];
  float now = tile_largest > before ? tile_largest : before;
  // Scores of minus infinity weigh nothing; a finite shift keeps their difference from being NaN.
  now = now == kMinusInfinity ? kLowest : now;
  if (now != before) {
    float shrink = __builtin_expf(before - now);
    watcher.rescale(r, before, now, shrink, s.sum[r]);
    s.largest[r] = now;
    s.sum[r] *= shrink;
    float* out = s.out + r * s.dim;
    for (int64_t d = 0; d < s.dim; d += kFloats) {
      store(out + d, load(out + d) * shrink);
    }
  }
  Floats sum = {};
  typename Watcher::Partial partial = watcher.begin(r);
  for (int64_t j = 0; j < padded; j += kFloats) {
    Floats distance = load(row + j) - now;
    Floats e = weight(distance);
    store(row + j, e);
    sum += e;
    watcher.add(partial, j, distance, e);
  }
  float added = sumOfLanes<float>(sum);
  s.sum[r] += added;
  watcher.end(r, partial, row, added, now);
}

template <typename Watcher>
inline __attribute__((always_inline)) void weighRows(const RowState& s, int64_t keys,
                                                     Watcher& watcher) {
  for (int64_t r = 0; r < s.rows; r++) {
    if (s.from[r] < s.to[r]) {
      weighRow(s, r, keys, watcher);
    }
  }
}

// Adds the weighted values of rows [first, last), which all see the same keys.
inline void addValues(const RowState& s, const Tile& tile, int64_t first, int64_t last) {
  int64_t column = 0;
  for (int64_t i = 0; i < tile.segments; i++) {
    const Segment& segment = tile.segment[i];
    int64_t begin = most(s.from[first] - column, 0);
    int64_t end = least(s.to[first] - column, segment.count);
    if (begin < end) {
      multiply(last - first, s.dim, s.scores + first * kTileKeys + column + begin, kTileKeys,
               segment.values + begin * segment.value_stride, segment.value_stride, end - begin,
               s.out + first * s.dim, s.dim, true);
    }
    column += segment.count;
  }
}

// One tile for all rows; from and to are set by the caller.
template <typename Watcher>
inline void attendTile(const RowState& s, const Tile& tile, Watcher& watcher) {
  watcher.open(tile);
  int64_t column = 0;
  for (int64_t i = 0; i < tile.segments; i++) {
    scoreSegment(s, tile.segment[i], column);
    column += tile.segment[i].count;
  }
  // With a constant in its place the loops over a whole tile's keys stay in registers.
  if (tile.keys == kTileKeys) {
    weighRows(s, kTileKeys, watcher);
  } else {
    weighRows(s, tile.keys, watcher);
  }
  int64_t first = 0;
  while (first < s.rows) {
    int64_t last = first + 1;
    while (last < s.rows && s.from[last] == s.from[first] && s.to[last] == s.to[first]) {
      last++;
    }
    if (s.from[first] < s.to[first]) {
      addValues(s, tile, first, last);
    }
    first = last;
  }
}

inline void attendTile(const RowState& s, const Tile& tile) {
  Unwatched nobody;
  attendTile(s, tile, nobody);
}

}  // namespace ssa::SSA_ISA

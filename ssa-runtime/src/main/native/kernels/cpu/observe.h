// observe.h: where the attention of query rows goes, gathered while their softmax grows
//
// in    a tile's weights as attend.h makes them: e_j = e^(s_j - m), m the largest score so far; the
//       lengths |v_j| of the values
// out   per row, beside m and S0 = sum of e_j:
//       s1      sum of e_j (s_j - m)
//       s2      sum of e_j^2
//       values  sum of e_j |v_j|
//       last    sums of e_j over the last 16, 128 and 1,024 positions
//       first   e_j of positions 0 … 63, with the m that they were made with
//       masses  sums of e_j over units of 8 … 64 positions, with the m of their tile of 64
// math  when m becomes m' with f = e^(m - m'): e_j' = e_j f, so that sums of e_j, e_j |v_j| get the
//       factor f, s2 gets f^2, and as s_j - m' = (s_j - m) + (m - m'),
//           s1' = f (s1 + (m - m') S0).
//       What is kept with its m is brought to the last one once, at the end, by e^(m_kept - m_last).
//       At the end a_j = e_j / S0, and
//           entropy         -sum a_j ln a_j = -sum a_j (s_j - m - ln S0) = ln S0 - s1 / S0  nats
//           effective keys  1 / sum a_j^2 = S0^2 / s2
//       Of the last n positions, from t + 1 - n on, earlier tiles add nothing, the first one a part.
// cost  per key and row 6 flop for s1, s2 and values, 1 for masses: against 4 D for the attention
// num.  a tile's sums in fp32 as the softmax's own, across tiles in fp64. Where e_j underflows,
//       s_j - m is bounded by -88, so that e_j (s_j - m) is 0 and no NaN.
// oracle  oracle/AttentionStatisticsOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kLasts = 3;
constexpr int64_t kLongestLast = 1024;

// The sums of four vectors' lanes. Halves of two vectors are added side by side, so that every addition
// works on a whole vector: half as many instructions as four folds.
inline void sumsOfFour(Floats a, Floats b, Floats c, Floats d, float* to) {
#define SSA_PICK(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#if SSA_VECTOR_BYTES == 64
  auto halves = [](Floats x, Floats y) {
    return SSA_PICK(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           SSA_PICK(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  };
  Floats ab = halves(a, b);
  Floats cd = halves(c, d);
  Floats all = SSA_PICK(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
               SSA_PICK(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  all += SSA_PICK(all, all, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  all += SSA_PICK(all, all, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  auto four = SSA_PICK(all, all, 0, 4, 8, 12);
#elif SSA_VECTOR_BYTES == 32
  auto halves = [](Floats x, Floats y) {
    return SSA_PICK(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + SSA_PICK(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
  };
  Floats ab = halves(a, b);
  Floats cd = halves(c, d);
  Floats all =
      SSA_PICK(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13) + SSA_PICK(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
  all += SSA_PICK(all, all, 1, 0, 3, 2, 5, 4, 7, 6);
  auto four = SSA_PICK(all, all, 0, 4, 2, 6);
#else
  auto halves = [](Floats x, Floats y) {
    return SSA_PICK(x, y, 0, 1, 4, 5) + SSA_PICK(x, y, 2, 3, 6, 7);
  };
  Floats ab = halves(a, b);
  Floats cd = halves(c, d);
  Floats four = SSA_PICK(ab, cd, 0, 2, 4, 6) + SSA_PICK(ab, cd, 1, 3, 5, 7);
#endif
#undef SSA_PICK
  __builtin_memcpy(to, &four, sizeof(float) * 4);
}

// Tiles that a row's lanes take in before they are folded: 32 additions a lane at most.
constexpr int32_t kTilesBeforeFold = 8;

struct RowSums {
  double s1;
  double s2;
  double values;
  double last[kLasts];
};

// Mutable: what the watcher of M rows gathers. Lives in memory of one work item.
struct RowTrace {
  RowSums* sums;         // [M]
  float* lanes;          // [M, 3, vector] of s1, s2 and values, what is not in sums yet
  int32_t* pending;      // [M] tiles in the lanes
  float* first;          // [M, 64]
  float* first_largest;  // [M]
  int64_t* token;        // [M] the query's position
  int64_t* attended;     // [M] keys that it attends to
  const float* lengths;  // [tokens] of the KV head's values; nullptr: they do not matter
  float* masses;         // [M, mass_stride] a tile's 64 / unit behind those of the tile before
  float* tile_largest;   // [M, tile_stride]
  int64_t mass_stride;
  int64_t tile_stride;
  int64_t unit;          // tokens of a mass; 8, 16, 32 or 64
  int64_t rows;          // M
};

// Numbers from a row to the next: whole vectors, and a line more, lest rows of a power of two share the
// sets of a cache.
inline int64_t traceStride(int64_t count) { return ceilDivide(count, 16) * 16 + 16; }

constexpr int32_t kLaneNumbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

inline size_t traceBytes(int64_t rows) {
  return static_cast<size_t>(rows) *
             (sizeof(RowSums) + sizeof(float) * (kFirstKeys + 1 + 3 * kFloats) +
              2 * sizeof(int64_t) + sizeof(int32_t)) +
         7 * 64;
}

inline RowTrace carveTrace(char*& memory, int64_t rows) {
  RowTrace t = {};
  t.rows = rows;
  t.sums = reinterpret_cast<RowSums*>(carveDoubles(memory, rows * sizeof(RowSums) / 8));
  t.lanes = carveFloats(memory, rows * 3 * kFloats);
  t.pending = reinterpret_cast<int32_t*>(carveFloats(memory, rows));
  t.first = carveFloats(memory, rows * kFirstKeys);
  t.first_largest = carveFloats(memory, rows);
  t.token = carveIntegers(memory, rows);
  t.attended = carveIntegers(memory, rows);
  return t;
}

inline void beginTrace(const RowTrace& t) {
  __builtin_memset(t.sums, 0, sizeof(RowSums) * t.rows);
  __builtin_memset(t.lanes, 0, sizeof(float) * t.rows * 3 * kFloats);
  __builtin_memset(t.pending, 0, sizeof(int32_t) * t.rows);
  __builtin_memset(t.first, 0, sizeof(float) * t.rows * kFirstKeys);
  __builtin_memset(t.first_largest, 0, sizeof(float) * t.rows);
}

// Brings a row's lanes into its sums. When that happens depends on the row's own tiles alone.
inline void foldLanes(const RowTrace& t, int64_t r) {
  if (t.pending[r] == 0) {
    return;
  }
  float* lanes = t.lanes + r * 3 * kFloats;
  float folded[4];
  sumsOfFour(load(lanes), load(lanes + kFloats), load(lanes + 2 * kFloats), Floats{}, folded);
  RowSums& s = t.sums[r];
  s.s1 += folded[0];
  s.s2 += folded[1];
  s.values += folded[2];
  __builtin_memset(lanes, 0, sizeof(float) * 3 * kFloats);
  t.pending[r] = 0;
}

inline void foldAllLanes(const RowTrace& t) {
  for (int64_t r = 0; r < t.rows; r++) {
    foldLanes(t, r);
  }
}

// Sums of a tile's 64 weights over units of so many.
inline void unitSums(const float* weights, int64_t unit, float* to) {
  constexpr int64_t smallest = PageLayout::kGroupTokens;
  if constexpr (kFloats > smallest) {
    if (unit == smallest) {
      typename Lanes<float, smallest>::Vector part;
      for (int64_t u = 0; u < kTileKeys / smallest; u++) {
        __builtin_memcpy(&part, weights + u * smallest, sizeof part);
        to[u] = sumOfLanes<float>(part);
      }
      return;
    }
  }
  if (unit == kTileKeys / 4) {
    Floats sum[4];
    for (int64_t u = 0; u < 4; u++) {
      sum[u] = load(weights + u * unit);
      for (int64_t j = kFloats; j < kTileKeys / 4; j += kFloats) {
        sum[u] += load(weights + u * unit + j);
      }
    }
    return sumsOfFour(sum[0], sum[1], sum[2], sum[3], to);
  }
  for (int64_t u = 0; u < kTileKeys / unit; u++) {
    Floats sum = load(weights + u * unit);
    for (int64_t j = kFloats; j < unit; j += kFloats) {
      sum += load(weights + u * unit + j);
    }
    to[u] = sumOfLanes<float>(sum);
  }
}

// Gathers for the statistics that are asked for. See Unwatched in attend.h.
template <bool kSinks, bool kMasses>
struct Watcher {
  const RowTrace& trace;
  const Tile* tile = nullptr;
  const float* lengths = nullptr;  // [64] of the tile's values
  float gathered[kTileKeys] = {};

  struct Partial {
    Floats s1;
    Floats s2;
    Floats values;
  };

  void open(const Tile& next) {
    tile = &next;
    if constexpr (kSinks) {
      lengths = gathered;
      if (trace.lengths != nullptr && next.segments == 1 && next.keys == kTileKeys) {
        lengths = trace.lengths + next.segment[0].position;
        return;
      }
      __builtin_memset(gathered, 0, sizeof gathered);
      int64_t column = 0;
      for (int64_t i = 0; i < next.segments && trace.lengths != nullptr; i++) {
        const Segment& segment = next.segment[i];
        __builtin_memcpy(gathered + column, trace.lengths + segment.position,
                         sizeof(float) * segment.count);
        column += segment.count;
      }
    }
  }

  void rescale(int64_t r, float before, float now, float shrink, double sum) {
    if constexpr (kSinks) {
      if (before == kMinusInfinity) {
        return;  // nothing gathered yet, and infinity times 0 is no number
      }
      foldLanes(trace, r);
      RowSums& s = trace.sums[r];
      double f = shrink;
      s.s1 = f * (s.s1 + (static_cast<double>(before) - now) * sum);
      s.s2 *= f * f;
      s.values *= f;
      for (double& last : s.last) {
        last *= f;
      }
    }
  }

  Partial begin(int64_t r) const {
    if constexpr (kSinks) {
      const float* lanes = trace.lanes + r * 3 * kFloats;
      return {load(lanes), load(lanes + kFloats), load(lanes + 2 * kFloats)};
    }
    return {Floats{}, Floats{}, Floats{}};
  }

  void add(Partial& partial, int64_t j, Floats distance, Floats e) {
    if constexpr (kSinks) {
      partial.s1 += e * larger(splat(-88.03f), distance);
      partial.s2 += e * e;
      partial.values += e * load(lengths + j);
    }
  }

  void end(int64_t r, const Partial& partial, const float* row, float added, float now) {
    if constexpr (kSinks) {
      float* lanes = trace.lanes + r * 3 * kFloats;
      store(lanes, partial.s1);
      store(lanes + kFloats, partial.s2);
      store(lanes + 2 * kFloats, partial.values);
      if (++trace.pending[r] == kTilesBeforeFold) {
        foldLanes(trace, r);
      }
      addLast(trace.sums[r], trace.token[r], row, added);
      if (tile->segment[0].position < kFirstKeys) {
        keepFirst(r, row, now);
      }
    }
    if constexpr (kMasses) {
      int64_t at = tile->segment[0].position / kTileKeys;
      unitSums(row, trace.unit,
               trace.masses + r * trace.mass_stride + at * (kTileKeys / trace.unit));
      trace.tile_largest[r * trace.tile_stride + at] = now;
    }
  }

  void addLast(RowSums& s, int64_t token, const float* row, float added) const {
    const Segment& back = tile->segment[tile->segments - 1];
    if (token + 1 - kLongestLast >= back.position + back.count) {
      return;
    }
    for (int64_t i = 0; i < kLasts; i++) {
      int64_t from = token + 1 - kLastCounts[i];
      if (from <= tile->segment[0].position) {
        s.last[i] += added;
      } else if (from < back.position + back.count) {
        s.last[i] += weightsFrom(from, row);
      }
    }
  }

  double weightsFrom(int64_t from, const float* row) const {
    if (tile->segments == 1) {
      return weightsBehind(from - tile->segment[0].position, row);
    }
    double sum = 0;
    int64_t column = 0;
    for (int64_t i = 0; i < tile->segments; i++) {
      const Segment& segment = tile->segment[i];
      for (int64_t j = most(0, from - segment.position); j < segment.count; j++) {
        sum += row[column + j];
      }
      column += segment.count;
    }
    return sum;
  }

  // Of the tile's only segment, from one of its keys on. Behind the last key weights are 0 up to whole
  // vectors.
  float weightsBehind(int64_t key, const float* row) const {
    Ints lanes;
    __builtin_memcpy(&lanes, kLaneNumbers, sizeof lanes);
    Floats sum = {};
    for (int64_t j = 0; j < tile->keys; j += kFloats) {
      Floats weights = load(row + j);
      sum += lanes >= static_cast<int32_t>(key - j) ? weights : Floats{};
    }
    return sumOfLanes<float>(sum);
  }

  // Keys come in the order of their positions, so that those below 64 are in a row's first tile.
  void keepFirst(int64_t r, const float* row, float now) {
    int64_t column = 0;
    for (int64_t i = 0; i < tile->segments; i++) {
      const Segment& segment = tile->segment[i];
      int64_t count = least(segment.count, kFirstKeys - segment.position);
      if (count > 0) {
        __builtin_memcpy(trace.first + r * kFirstKeys + segment.position, row + column,
                         sizeof(float) * count);
      }
      column += segment.count;
    }
    trace.first_largest[r] = now;
  }
};

// The larger of two; a NaN stays.
inline float largestOrNan(float largest, float x) {
  return largest == largest && !(x <= largest) ? x : largest;
}

constexpr double kNatsPerBit = 0.69314718055994530942;

// Entropy in bits, and over log2 of the number of keys (0 for fewer than two).
inline void entropies(const RowState& s, const RowTrace& t, int64_t r, double* to) {
  double nats = __builtin_log(s.sum[r]) - t.sums[r].s1 / s.sum[r];
  nats = nats < 0 ? 0 : nats;  // rounding, where one key has all the mass
  to[0] = nats / kNatsPerBit;
  to[1] = t.attended[r] < 2 ? 0 : nats / __builtin_log(static_cast<double>(t.attended[r]));
}

// The sum of n weights times lengths. Keys beyond the last position have neither.
inline double weightedFirst(const float* weights, const float* lengths, int64_t n) {
  using Halves = typename Lanes<float, kDoubles>::Vector;
  Doubles sum = {};
  int64_t k = 0;
  for (; k + kDoubles <= n; k += kDoubles) {
    Halves weight;
    Halves length;
    __builtin_memcpy(&weight, weights + k, sizeof weight);
    __builtin_memcpy(&length, lengths + k, sizeof length);
    sum += __builtin_convertvector(weight, Doubles) * __builtin_convertvector(length, Doubles);
  }
  double all = sumOfLanes<double>(sum);
  for (; k < n; k++) {
    all += static_cast<double>(weights[k]) * lengths[k];
  }
  return all;
}

// One branch's columns for a row; 0 where it attends to nothing.
inline void sinkColumns(const RowState& s, const RowTrace& t, int64_t r, double* to) {
  __builtin_memset(to, 0, sizeof(double) * kSinkColumns);
  if (t.attended[r] == 0) {
    return;
  }
  const RowSums& sums = t.sums[r];
  const float* first = t.first + r * kFirstKeys;
  double shrink =
      __builtin_exp(static_cast<double>(t.first_largest[r]) - static_cast<double>(s.largest[r]));
  double share = shrink / s.sum[r];
  for (int64_t k = 0; k < kFirstKeys; k++) {
    to[k] = first[k] * share;
  }
  double* at = to + kFirstKeys;
  for (int64_t n : kFirstCounts) {
    *at++ = sums.values == 0 ? 0 : weightedFirst(first, t.lengths, n) * shrink / sums.values;
  }
  for (double last : sums.last) {
    *at++ = last / s.sum[r];
  }
  entropies(s, t, r, at);
  at[2] = s.sum[r] * s.sum[r] / sums.s2;
}

inline void compressedColumns(const RowState& s, const RowTrace& t, int64_t r, double* to) {
  to[0] = 0;
  to[1] = 0;
  if (t.attended[r] > 0) {
    entropies(s, t, r, to);
  }
}

}  // namespace ssa::SSA_ISA

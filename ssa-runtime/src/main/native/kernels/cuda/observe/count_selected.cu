// count_selected.cu: where the attention of query tokens goes within blocks chosen for each of them
//
// in    queries [T, HQ, D]  element, rotated; pages; chosen [T, H, k]  int32; log_sums [T, HQ]  fp32
// out   of a sparse mode: sums [T, HQ, 8]  fp64 and the masses of the first 64 keys, as count_branch
//       of a budget of full attention: values [T, HQ, columns]  fp32: the share of the row's whole mass,
//       sums[0] of full attention, that lies in the chosen blocks
// math  count_rows.cuh; 1 where a token's blocks are all chosen
// cost  2 k B HQ D flop, k B HQ exponentials and k B H D elements read per token: half of
//       attend_selected, whose values nobody reads here
// num.  fp32 within a step of 32 keys (16 for fp32 or D = 128), fp64 across steps
// grid  a warp per (token, KV head, 16 heads)
// twin  kernels/cpu/observe.h, kernels/cpu/capture.h      oracle  bench/watched.h
#include "kernels/cuda/branch/selected_rows.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_rows.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;

// Rows r and r + 8 of a lane.
struct LaneCounts {
  float shift[2];
  float* first[2];
  double all[2], logs[2], squares[2], lengths[2], last[2][kLasts];
};

// Counts one step's scores; position: of each tile of 8 keys.
template <int kDim, int n, bool kSinks>
__device__ void countStep(const float (&scores)[n][4], const int (&position)[n], int token,
                          const float* lengths, LaneCounts* counts) {
  int j = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float all = 0, logs = 0, squares = 0, weighted = 0;
    float last[kLasts] = {0, 0, 0};
#pragma unroll
    for (int i = 0; i < n; i++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        int key = position[i] + 2 * j + c;
        bool seen = key <= token;
        float x = fmaf(seen ? scores[i][2 * half + c] : kUnseen, kScoreScale<kDim>,
                       -counts->shift[half]);
        float e = exp2Fast(x);
        all += e;
        if constexpr (kSinks) {
          logs = fmaf(e, x, logs);
          squares = fmaf(e, e, squares);
          weighted = fmaf(e, seen ? lengths[key] : 0.0f, weighted);
#pragma unroll
          for (int w = 0; w < kLasts; w++) {
            last[w] += key >= token + 1 - lastCount(w) ? e : 0.0f;
          }
          if (seen && key < kFirstKeys && counts->first[half] != nullptr) {
            counts->first[half][key] = e;
          }
        }
      }
    }
    counts->all[half] += all;
    if constexpr (kSinks) {
      counts->logs[half] += logs;
      counts->squares[half] += squares;
      counts->lengths[half] += weighted;
#pragma unroll
      for (int w = 0; w < kLasts; w++) {
        counts->last[half][w] += last[w];
      }
    }
  }
}

template <typename Io, int kDim, bool kSinks>
__device__ void countBlocks(const View& v, const SelectedRows<Io, kDim>& rows,
                            const int32_t* chosen, const TokenTile& tile, int h,
                            const float* lengths, LaneCounts* counts) {
  using Shape = SelectedShape<Io, kDim>;
  constexpr int kTiles = Shape::kKeyTiles;
  constexpr int kWindow = 32 / kTiles;  // steps whose tiles the 32 lanes look up together
  int lane = threadIdx.x % 32;
  int r = lane / 4;
  int j = lane % 4;
  int token = tile.first;
  int steps = (v.block_count * v.block_size / 8 + kTiles - 1) / kTiles;
  for (int window = 0; window < steps; window += kWindow) {
    // Lane l finds tile l of the window.
    KeyTile mine = keyTile(v, chosen, tile.sequence, h, window * kTiles + lane,
                           kDim * static_cast<int>(sizeof(Io)));
    for (int i = 0; i < kWindow && window + i < steps; i++) {
      int position[kTiles];
      float scores[kTiles][4] = {};
      Neighbours<Io, kDim / 4> key[kTiles];
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
        const Io* keys = reinterpret_cast<const Io*>(__shfl_sync(
            kWarp, reinterpret_cast<unsigned long long>(mine.keys), i * kTiles + n));
        position[n] = __shfl_sync(kWarp, mine.position, i * kTiles + n);
        key[n].load(keys + r * kDim + j * (kDim / 4), position[n] + r <= token);
      }
      if (position[0] > token) {
        return;  // entries ascend: nothing that the token may see is left
      }
#pragma unroll
      for (int n = 0; n < kTiles; n++) {
        rows.score(key[n], scores[n]);
      }
      countStep<kDim, kTiles, kSinks>(scores, position, token, lengths, counts);
    }
  }
}

template <bool kSinks>
__device__ void writeCounts(const View& v, const CountView& c, const LaneCounts& counts,
                            int64_t head, int heads) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    double sums[] = {counts.all[half],     counts.logs[half],    counts.squares[half],
                     counts.lengths[half], counts.last[half][0], counts.last[half][1],
                     counts.last[half][2]};
    int g = lane / 4 + 8 * half;
    constexpr int kCounts = kSinks ? 4 + kLasts : 1;
#pragma unroll
    for (int i = 0; i < kCounts; i++) {
      sums[i] += __shfl_xor_sync(kWarp, sums[i], 1);
      sums[i] += __shfl_xor_sync(kWarp, sums[i], 2);
    }
    if (lane % 4 != 0 || g >= heads) {
      continue;
    }
    if constexpr (kSinks) {
      for (int i = 0; i < kCounts; i++) {
        c.sums[(head + g) * kSums + i] = sums[i];
      }
    } else {
      c.values[(head + g) * c.columns + c.column] =
          static_cast<float>(sums[0] / c.sums[(head + g) * kSums + kMass]);
    }
  }
}

template <typename Io, int kDim, bool kSinks>
__global__ void __launch_bounds__(kWarps * 32)
    countSelectedKernel(View v, const Io* q, const int32_t* chosen, Captured other, CountView c) {
  TokenTile tile;
  if (!findTile(v, blockIdx.x * kWarps + threadIdx.x / 32, 1, Form::kPrefill, &tile) ||
      !c.watched(tile.sequence, tile.first)) {
    return;
  }
  int tiles = (v.group + 15) / 16;
  int h = blockIdx.y / tiles;
  if (h >= v.kv_heads) {
    h -= v.kv_heads;
    chosen = other.chosen;
    c.column = other.column;
  }
  int first_head = blockIdx.y % tiles * 16;
  int heads = v.group - first_head;
  int lane = threadIdx.x % 32;
  int64_t head = static_cast<int64_t>(tile.row) * v.query_heads + h * v.group + first_head;
  if (!kSinks && tile.first / v.block_size < v.block_count) {
    for (int g = lane; g < min(heads, 16); g += 32) {
      c.values[(head + g) * c.columns + c.column] = 1;
    }
    return;
  }
  LaneCounts counts = {};
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int g = lane / 4 + 8 * half;
    bool there = g < heads;
    counts.shift[half] = there ? c.log_sums[head + g] * kLog2E : kNoRow;
    if (kSinks && there) {
      counts.first[half] = c.values + (head + g) * c.columns + c.column;
      for (int k = lane % 4; k < kFirstKeys; k += 4) {
        counts.first[half][k] = 0;
      }
    }
  }
  __syncwarp();
  SelectedRows<Io, kDim> rows;
  rows.begin(q + head * kDim, heads);
  countBlocks<Io, kDim, kSinks>(
      v, rows, chosen + (static_cast<int64_t>(tile.row) * v.kv_heads + h) * v.block_count, tile, h,
      kSinks ? c.lengthsOf(tile.sequence, h) : nullptr, &counts);
  writeCounts<kSinks>(v, c, counts, head, heads);
}

template <bool kSinks>
Report count(const Wave& wave, const Counted& counted, const int32_t* chosen,
             const Captured& other) {
  const Call& call = wave.call;
  return dispatch("count_selected", call.p.layout, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    View v = viewOf(call);
    Grid grid = {dim3(parts(call.p.tokens, kWarps),
                      static_cast<unsigned>(call.p.kv_heads * ((v.group + 15) / 16) *
                                             (other.chosen == nullptr ? 1 : 2))),
                 kWarps * 32, 0};
    return launch("count_selected", countSelectedKernel<Io, decltype(dim)::value, kSinks>, grid,
                  call.p.stream, v, static_cast<const Io*>(call.queries), chosen, other,
                  countView(wave, counted));
  });
}

}  // namespace

Report countSelected(const Wave& wave, const Counted& counted) {
  return count<true>(wave, counted, wave.call.p.selected, {});
}

Report captureMass(const Wave& budget, const Counted& full, const Captured& captured,
                   const Captured& other) {
  Counted to = full;
  to.column = captured.column;
  return count<false>(budget, to, captured.chosen, other);
}

}  // namespace ssa::cuda

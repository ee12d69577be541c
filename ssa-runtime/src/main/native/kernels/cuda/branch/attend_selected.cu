// attend_selected.cu: attention of each query token over the blocks selected for it
//
// in    queries [T, HQ, D]  element, rotated; pages; selected [T, H, k] from block_topk
// out   out [T, HQ, D]  element (or the fp32 sum of branches, see Landing)
// math  gate softmax(q k / sqrt(D)) v over the keys of the selected blocks up to the token
// cost  4 k B HQ D flop and 2 k B H D elements read per token: bound by the L2 cache, since tokens
//       gather blocks of their own
// num.  fp32, online softmax in steps of 32 keys (16 for fp32 or D = 128), ascending; a key behind the
//       token is not read, so it cannot reach a row, not even as a NaN
// grid  prefill: a warp per (token, KV head, 16 heads); decode: a block of 8 warps that share the
//       steps, and are combined in warp order
// twin  kernels/cpu/attention.h attendSelected      oracle  bench/contract.cu
// from  Milakov and Gimelshein arXiv:1805.02867, FlashAttention arXiv:2205.14135
#include "kernels/cuda/tile/landing.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/branch/selected_rows.cuh"
#include "kernels/cuda/sequences.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;
constexpr int kDecodeWarps = 8;

// What one warp, or one decoding block of warps, computes: 16 heads of a token.
struct Unit {
  int sequence;
  int token;
  int64_t row;
  int h;
  int first_head;  // within the group
};

// Neighbouring units are neighbouring tokens of one KV head: they share what they select. False behind
// the last one.
__device__ inline bool findRows(const View& v, int unit, Form form, Unit* found) {
  int tiles = (v.group + 15) / 16;
  TokenTile tile;
  if (!findTile(v, unit, 1, form, &tile)) {
    return false;
  }
  int y = blockIdx.y;
  *found = {tile.sequence, tile.first, tile.row, y / tiles, y % tiles * 16};
  return true;
}

template <typename Io, int kDim>
__device__ void writeRows(const View& v, const Output<Io>& output, const Unit& unit,
                          const SelectedRows<Io, kDim>& rows) {
  int lane = threadIdx.x % 32;
  int j = lane % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int g = unit.first_head + lane / 4 + 8 * half;
    if (g >= v.group) {
      continue;
    }
    int64_t head = unit.row * v.query_heads + unit.h * v.group + g;
    float weight = output.gate(head) * shareOf(rows.state.largest[half], rows.state.sum[half]);
    if (j == 0) {
      output.putSum(head, rows.state.largest[half], rows.state.sum[half]);
    }
#pragma unroll
    for (int c = 0; c < 2; c++) {
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        output.put(head, kDim, (2 * j + c) * (kDim / 8) + n, rows.out[n][2 * half + c] * weight);
      }
    }
  }
}

template <typename Io, int kDim, bool kExact>
__global__ void __launch_bounds__(kWarps * 32)
    attendSelectedKernel(View v, const Io* q, const int32_t* selected, Output<Io> output) {
  Unit unit;
  if (!findRows(v, blockIdx.x * kWarps + threadIdx.x / 32, Form::kPrefill, &unit)) {
    return;
  }
  SelectedRows<Io, kDim> rows;
  int64_t head = unit.row * v.query_heads + unit.h * v.group + unit.first_head;
  rows.begin(q + head * kDim, v.group - unit.first_head);
  rows.template attend<kExact>(v, selected + (unit.row * v.kv_heads + unit.h) * v.block_count,
                               unit.sequence, unit.h, unit.token, 0, 1);
  rows.finish();
  writeRows<Io, kDim>(v, output, unit, rows);
}

// Folds another warp's part into the first's: [columns][4][32] values, then [4][32] states.
template <typename Io, int kDim>
__device__ void fold(const float* part, SelectedRows<Io, kDim>* rows) {
  int lane = threadIdx.x % 32;
  const float* state = part + kDim / 8 * 4 * 32;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float other = state[half * 32 + lane];
    float mine = rows->state.largest[half];
    float top = fmaxf(mine, other);
    float keep = mine == top ? 1.0f : exp2f(mine - top);
    float add = other == top ? 1.0f : exp2f(other - top);
    rows->state.largest[half] = top;
    rows->state.sum[half] = rows->state.sum[half] * keep + state[(2 + half) * 32 + lane] * add;
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        float& x = rows->out[n][2 * half + c];
        x = x * keep + part[(n * 4 + 2 * half + c) * 32 + lane] * add;
      }
    }
  }
}

template <typename Io, int kDim>
__global__ void __launch_bounds__(kDecodeWarps * 32)
    attendSelectedDecodeKernel(View v, const Io* q, const int32_t* selected, Output<Io> output) {
  constexpr int kPart = (kDim / 8 * 4 + 4) * 32;
  extern __shared__ float part[];  // [kDecodeWarps][kPart]
  Unit unit;
  if (!findRows(v, blockIdx.x, Form::kDecode, &unit)) {
    return;
  }
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  SelectedRows<Io, kDim> rows;
  int64_t head = unit.row * v.query_heads + unit.h * v.group + unit.first_head;
  rows.begin(q + head * kDim, v.group - unit.first_head);
  rows.attend(v, selected + (unit.row * v.kv_heads + unit.h) * v.block_count, unit.sequence,
              unit.h, unit.token, warp, kDecodeWarps);
  rows.finish();
  float* mine = part + warp * kPart;
#pragma unroll
  for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      mine[(n * 4 + i) * 32 + lane] = rows.out[n][i];
    }
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    mine[(kDim / 8 * 4 + half) * 32 + lane] = rows.state.largest[half];
    mine[(kDim / 8 * 4 + 2 + half) * 32 + lane] = rows.state.sum[half];
  }
  __syncthreads();
  if (warp == 0) {
    for (int w = 1; w < kDecodeWarps; w++) {
      fold<Io, kDim>(part + w * kPart, &rows);
    }
    writeRows<Io, kDim>(v, output, unit, rows);
  }
}

template <typename Io, int kDim>
Report attendForms(const Call& call, const Landing& landing) {
  const AttentionParameters& p = call.p;
  View v = viewOf(call);
  unsigned heads = static_cast<unsigned>(p.kv_heads * ((v.group + 15) / 16));
  const Io* q = static_cast<const Io*>(call.queries);
  const int32_t* selected = p.selected;
  Output<Io> output = outputOf<Io>(call, landing);
  Report report;
  if (call.prefill) {
    Grid grid = {dim3(parts(p.tokens, kWarps), heads), kWarps * 32, 0};
    constexpr bool kFloat = sizeof(Io) == 4;
    auto kernel = kFloat && landing.exact ? attendSelectedKernel<Io, kDim, kFloat>
                                          : attendSelectedKernel<Io, kDim, false>;
    report = launch("attend_selected", kernel, grid, p.stream, v, q, selected, output);
  }
  if (report.done && call.decode) {
    size_t bytes = sizeof(float) * kDecodeWarps * (kDim / 8 * 4 + 4) * 32;
    Grid grid = {dim3(static_cast<unsigned>(p.sequences), heads), kDecodeWarps * 32, bytes};
    report = launch("attend_selected decode", attendSelectedDecodeKernel<Io, kDim>, grid, p.stream,
                    v, q, selected, output);
  }
  return report;
}

}  // namespace

Report attendSelected(const Call& call, const Landing& landing) {
  return dispatch("attend_selected", call.p.layout, [&](auto type, auto dim) {
    return attendForms<typename decltype(type)::type, decltype(dim)::value>(call, landing);
  });
}

}  // namespace ssa::cuda

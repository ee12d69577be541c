// attend_branch.cu: attention of query tokens over a range of keys: all, a window, or block means
//
// in    queries [T, HQ, D]  element, rotated; pages, or key_means and value_means from block_mean
// out   out [T, HQ, D]  element (or the fp32 sum of branches, see Landing)
// math  gate softmax(q k / sqrt(D)) v over the keys [from, to):
//       full [0, t + 1); window [t + 1 - w, t + 1); compressed [0, (t + 1) / B) of the block means
// cost  4 (to - from) HQ D flop per token: bound by the tensor cores; a decoding token reads its keys
//       and values once: bound by memory
// num.  fp32, online softmax in tiles of 64 keys (32 for fp32) anchored at the sequence's positions; a
//       masked key weighs 0, and one behind the sequence is read as 0; only a value of a later token
//       within the same tile that is not finite could reach a row
// grid  (token tiles, H, chunks), 4 warps of 32 rows (16 for fp32 or D = 128), rows = tokens x heads;
//       decoding sequences: chunks of kDecodeKeys leave parts, combineKernel adds them in order
// twin  kernels/cpu/attention.h attendRanges      oracle  bench/contract.cu
// from  Milakov and Gimelshein arXiv:1805.02867, FlashAttention-2 arXiv:2307.08691
#include "kernels/cuda/branch/branch.cuh"
#include "kernels/cuda/branch/branch_copies.cuh"
#include "kernels/cuda/branch/branch_rows.cuh"
#include "kernels/cuda/tile/landing.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {
namespace {

// Parts of decoding sequences' results, see Call.
struct Parts {
  float* out;
  float* state;
};

template <typename Io, int kDim>
__device__ void writeRows(const View& v, const Rows& rows, int first_row,
                          const Output<Io>& output, const BranchRows<Io, kDim>& computed) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int m = 0; m < BranchShape<Io, kDim>::kRowTiles; m++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = first_row + m * 16 + half * 8 + lane / 4;
      if (!rows.there(row)) {
        continue;
      }
      int64_t head = rows.head(v, row);
      float weight = output.gate(head) * shareOf(computed.state[m].largest[half],
                                                 computed.state[m].sum[half]);
      if (lane % 4 == 0) {
        output.putSum(head, computed.state[m].largest[half], computed.state[m].sum[half]);
      }
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
        for (int c = 0; c < 2; c++) {
          output.put(head, kDim, n * 8 + lane % 4 * 2 + c,
                     computed.out[m][n][2 * half + c] * weight);
        }
      }
    }
  }
}

// A decoding sequence's part: row is the head within the group, too, as there is one token.
template <typename Io, int kDim>
__device__ void writePart(const View& v, const Rows& rows, int first_row, const Parts& parts,
                          const BranchRows<Io, kDim>& computed) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int m = 0; m < BranchShape<Io, kDim>::kRowTiles; m++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = first_row + m * 16 + half * 8 + lane / 4;
      if (!rows.there(row)) {
        continue;
      }
      int64_t head = (static_cast<int64_t>(blockIdx.z) * v.sequences + rows.tile.sequence) *
                         v.query_heads + rows.h * rows.group + row;
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
        for (int c = 0; c < 2; c++) {
          parts.out[head * kDim + n * 8 + lane % 4 * 2 + c] = computed.out[m][n][2 * half + c];
        }
      }
      if (lane % 4 == 0) {
        parts.state[head * 2] = computed.state[m].largest[half];
        parts.state[head * 2 + 1] = computed.state[m].sum[half];
      }
    }
  }
}

template <typename Io, int kDim, bool kExact>
__global__ void __launch_bounds__(kBranchWarps * 32, 2)
    attendBranchKernel(View v, Keys<Io> keys, const Io* q, Output<Io> output, Form form,
                       Parts parts) {
  using Shape = BranchShape<Io, kDim>;
  using Element = typename Shape::Element;
  extern __shared__ uint4 shared[];
  Element* queries = reinterpret_cast<Element*>(shared);
  Element* stages = queries + Shape::kQueries;
  Rows rows;
  rows.h = blockIdx.y;
  rows.group = v.group;
  // Later tokens see more keys: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, Shape::kRows / v.group, form, &rows.tile)) {
    return;
  }
  Range all = {rangeOf(v, keys.branch, rows.tile.first).from,
               rangeOf(v, keys.branch, rows.tile.last - 1).to};
  if (form == Form::kDecode) {
    int chunk = blockIdx.z * kDecodeKeys;
    all = {max(all.from, chunk), min(all.to, chunk + kDecodeKeys)};
    if (all.from >= all.to) {
      return;
    }
  }
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  __syncthreads();
  int first_row = threadIdx.x / 32 * Shape::kWarpRows;
  BranchRows<Io, kDim> computed;
  computed.begin(v, rows, keys.branch, queries, first_row);
  // What the warp's rows see together, and what every one of them sees.
  int last_row = min(first_row + Shape::kWarpRows, (rows.tile.last - rows.tile.first) * v.group) - 1;
  bool idle = last_row < first_row;
  Range early = rangeOf(v, keys.branch, rows.token(first_row));
  Range late = rangeOf(v, keys.branch, rows.token(idle ? first_row : last_row));

  auto copy = [&](int base, Element* stage) {
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    int there = all.to - base;
    copyRows<Shape, Io, kDim>(key, Shape::kKeys, there, stage);
    copyRows<Shape, Io, kDim>(value, Shape::kKeys, there, stage + Shape::kParts * Shape::kPlane);
  };
  int base = all.from / Shape::kKeys * Shape::kKeys;
  if (base < all.to) {
    copy(base, stages);
  }
  endCopies();
  for (int i = 0; base < all.to; base += Shape::kKeys, i ^= 1) {
    if (base + Shape::kKeys < all.to) {
      copy(base + Shape::kKeys, stages + (i ^ 1) * Shape::kStage);
    }
    endCopies();
    awaitCopies<1>();
    __syncthreads();
    if (!idle && base < late.to && base + Shape::kKeys > early.from) {
      const Element* stage = stages + i * Shape::kStage;
      typename BranchRows<Io, kDim>::Scores scores;
      computed.score(stage, scores);
      bool masked = base + Shape::kKeys > early.to || base < late.from;
      computed.weigh(scores, base, masked);
      if constexpr (kExact) {
        computed.addValuesExactly(scores, stage + Shape::kParts * Shape::kPlane);
      } else {
        computed.addValues(scores, stage + Shape::kParts * Shape::kPlane);
      }
    }
    __syncthreads();
  }
  computed.finish();
  if (form == Form::kDecode) {
    writePart<Io, kDim>(v, rows, first_row, parts, computed);
  } else {
    writeRows<Io, kDim>(v, rows, first_row, output, computed);
  }
}

constexpr int kCombiners = 4;  // threads per element, each adds every fourth chunk

// Adds the parts of a decoding sequence's heads; threads [kCombiners][D].
template <typename Io, int kDim>
__global__ void combineKernel(View v, Branch branch, Output<Io> output, Parts parts) {
  __shared__ float tops[kCombiners];
  __shared__ float sums[kCombiners];
  __shared__ float values[kCombiners][kDim];
  int s = blockIdx.x;
  int head = blockIdx.y;
  int d = threadIdx.x % kDim;
  int mine = threadIdx.x / kDim;
  if (!hasForm(v, Form::kDecode, s)) {
    return;
  }
  Range range = rangeOf(v, branch, v.past(s));
  int first = range.from / kDecodeKeys + mine;
  int last = (range.to + kDecodeKeys - 1) / kDecodeKeys;
  auto at = [&](int chunk) {
    return (static_cast<int64_t>(chunk) * v.sequences + s) * v.query_heads + head;
  };
  float top = -INFINITY;
#pragma unroll 8
  for (int chunk = first; chunk < last; chunk += kCombiners) {
    top = fmaxf(top, parts.state[at(chunk) * 2]);
  }
  float shift = top == -INFINITY ? 0.0f : top;
  float sum = 0;
  float x = 0;
#pragma unroll 8
  for (int chunk = first; chunk < last; chunk += kCombiners) {
    float weight = exp2f(parts.state[at(chunk) * 2] - shift);
    sum += parts.state[at(chunk) * 2 + 1] * weight;
    x += parts.out[at(chunk) * kDim + d] * weight;
  }
  values[mine][d] = x;
  if (d == 0) {
    tops[mine] = top;
    sums[mine] = sum;
  }
  __syncthreads();
  if (mine > 0) {
    return;
  }
  for (int i = 1; i < kCombiners; i++) {
    top = fmaxf(top, tops[i]);
  }
  shift = top == -INFINITY ? 0.0f : top;
  sum = 0;
  x = 0;
  for (int i = 0; i < kCombiners; i++) {
    float weight = exp2f(tops[i] - shift);
    sum += sums[i] * weight;
    x += values[i][d] * weight;
  }
  int64_t row = v.sequence_starts[s] * v.query_heads + head;
  if (d == 0) {
    output.putSum(row, top, sum);
  }
  output.put(row, kDim, d, x * (output.gate(row) * shareOf(top, sum)));
}

template <typename Io, int kDim>
Report attendForms(const Call& call, Branch branch, const Landing& landing) {
  using Shape = BranchShape<Io, kDim>;
  const AttentionParameters& p = call.p;
  View v = viewOf(call);
  Keys<Io> keys = keysOf<Io>(call, branch);
  const Io* q = static_cast<const Io*>(call.queries);
  Output<Io> output = outputOf<Io>(call, landing);
  Parts parts = {call.part_out, call.part_state};
  unsigned heads = static_cast<unsigned>(p.kv_heads);
  Report report;
  bool narrow = landing.log_sum_exp != nullptr && !landing.watched && hasNarrowGroupKernels(call);
  if (call.prefill && (narrow || hasGroupKernels(call))) {
    report = attendBranchGroups(call, branch, landing);
  } else if (call.prefill) {
    Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, Shape::kRows / v.group)), heads),
                 kBranchWarps * 32, Shape::kSharedBytes};
    constexpr bool kFloat = sizeof(Io) == 4;
    auto kernel = kFloat && landing.exact ? attendBranchKernel<Io, kDim, kFloat>
                                          : attendBranchKernel<Io, kDim, false>;
    report = launch("attend_branch", kernel, grid, p.stream, v, keys, q, output, Form::kPrefill,
                    parts);
  }
  if (report.done && call.decode) {
    unsigned sequences = static_cast<unsigned>(p.sequences);
    Grid grid = {dim3(sequences, heads, static_cast<unsigned>(call.key_chunks)), kBranchWarps * 32,
                 Shape::kSharedBytes};
    report = launch("attend_branch decode", attendBranchKernel<Io, kDim, false>, grid, p.stream, v,
                    keys, q, output, Form::kDecode, parts);
    if (report.done) {
      Grid combine = {dim3(sequences, static_cast<unsigned>(p.query_heads)),
                      kCombiners * kDim, 0};
      report = launch("attend_branch combine", combineKernel<Io, kDim>, combine, p.stream, v,
                      branch, output, parts);
    }
  }
  return report;
}

}  // namespace

Report attendBranch(const Call& call, Branch branch, const Landing& landing) {
  return dispatch("attend_branch", call.p.layout, [&](auto type, auto dim) {
    return attendForms<typename decltype(type)::type, decltype(dim)::value>(call, branch, landing);
  });
}

}  // namespace ssa::cuda

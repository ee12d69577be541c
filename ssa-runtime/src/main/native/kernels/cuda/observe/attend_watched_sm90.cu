// attend_watched_sm90.cu: attention to all keys that tells in passing where it goes, for compute capability
// 9.0, elements of 16 bits, D 64
//
// in    queries [W, HQ, D]  element, rotated; pages; the values' lengths  element, see below
// out   out [W, HQ, D]  element, the bits of attend_branch_sm90.cu; log_sums [W, HQ]  fp32; sums [W, HQ, 8]
//       fp64 and values [W, HQ, columns]  fp32 as count_branch.cu; shares [W, HQ, units]  bf16 of each 16
//       keys and weights [W, HQ]  fp32: a unit's mass is the weight times the share
// math  count_rows.cuh, along the answer's running softmax: with m the largest score of the tiles so far, in
//       units of log2, x_j = s_j - m and e_j = 2^x_j. Where the next tile's m' is larger, by f = m - m' <= 0,
//           S' = 2^f S    X' = 2^f (X + f S)    Q' = 2^2f Q    V' = 2^f V
//       and behind the last tile the same once more towards the logarithm of the row's sum. Sums of a unit
//       and V are products of the weights, rounded as the answer's, with ones and with lengths. What is
//       written before the end of a row, its shares and its first keys, is relative to an anchor: m of the
//       first tile, a whole number, raised (and what is written scaled) where m leaves it by 2^100.
// cost  that of the answer; 2 fp32 operations per key and row, 8 products of 16 x 8 x 16 per 16 rows and
//       tile; 2 bytes per unit and row are written
// num.  fp32; V and shares from operands of 16 bits. A row's numbers are made by the same operations in the
//       same order whatever tile of rows it lies in
// grid  (token tiles, H); one group of 4 warps copies tiles into a ring (each warp has a stage of its own),
//       2 groups compute 64 rows each, rows = tokens x heads. Products of a tile's scores run beside those of
//       the one before it with its values
// twin  kernels/cpu/observe.h      oracle  bench/watched.h
// from  FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/watched_rows.cuh"

namespace ssa::cuda {
namespace {

constexpr int kDim = kWatchedDim;

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Copies tiles warp, warp + stages, … into the warp's own stage.
template <typename Io>
__device__ void produce(const View& v, const Keys<Io>& keys, const Rows& rows, int end,
                        const uint16_t* lengths, char* stages, char* counters, Barrier* full,
                        Barrier* empty) {
  using Shape = WatchedShape;
  int stage = threadIdx.x / 32;
  char* to = stages + stage * Shape::kStageBytes;
  int base = stage * kTileKeys;
  for (int round = 0; base < end; round++, base += Shape::kStages * kTileKeys) {
    await(empty + stage, (round & 1) ^ 1);
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    copyKeys<Io, kDim>(key, end - base, to);
    copyKeys<Io, kDim>(value, end - base, to + kTileBytes);
    Counters::copyLengths(lengths == nullptr ? nullptr : lengths + base, key,
                          counters + stage * Shape::kCounterBytes);
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(full + stage);
  }
}

// A tile of which rows may see a part, or which some of them keep more of.
template <typename Io>
__device__ void attendNear(int base, bool masked, const char* queries, Ring* ring, WarpRows* warp,
                           float (&out)[kDim / 2]) {
  ring->awaitTile();
  float scores[64];
  multiplyQueries<WatchedShape, Io, kDim>(queries, ring->keys(), scores);
  awaitProducts<0>();
  hold(scores);
  float shrink[2];
  float all[2];
  weigh<kDim>(scores, base, masked, &warp->rows, shrink, TileWatch<true>{&warp->sums, all, 0, 0});
  if (base == 0) {
    warp->keepFirst(scores);
  } else if (warp->leavesAnchor()) {
    warp->raiseAnchor(base);
  }
  warp->countLast(scores, base, all, shrink);
#pragma unroll
  for (int i = 0; i < kDim / 2; i++) {
    out[i] *= shrink[i / 2 % 2];
  }
  PackedWeights weights;
  packWeights<Io>(scores, weights);
  float counted[2][4];
  WarpRows::count<Io>(weights, ring->counter(), counted);
  multiplyValues<Io, kDim>(weights, ring->values(), out);
  warp->put(counted, base);
  awaitProducts<0>();
  hold(out);
  arrive(ring->empty + ring->stage);
  ring->next();
}

// Tiles [begin, end) that every row sees whole, behind the first and before the last keys of any.
template <typename Io>
__device__ void attendFar(int begin, int end, const char* queries, Ring* ring, WarpRows* warp,
                          float (&out)[kDim / 2]) {
  int tiles = __shfl_sync(kWarp, (end - begin) / kTileKeys, 0);
  if (tiles <= 0) {
    return;
  }
  float scores[64];
  PackedWeights weights;
  float shrink[2];
  float counted[2][4];
  auto take = [&] {
#pragma unroll
    for (int i = 0; i < kDim / 2; i++) {
      out[i] *= shrink[i / 2 % 2];
    }
    packWeights<Io>(scores, weights);
    WarpRows::count<Io>(weights, ring->counter(), counted);
  };
  auto watch = [&] { return TileWatch<false>{&warp->sums, nullptr, 0, 0}; };
  ring->awaitTile();
  multiplyQueries<WatchedShape, Io, kDim>(queries, ring->keys(), scores);
  awaitProducts<0>();
  hold(scores);
  int base = begin;
  weigh<kDim>(scores, base, false, &warp->rows, shrink, watch());
  if (warp->leavesAnchor()) {
    warp->raiseAnchor(base);
  }
  take();
#pragma unroll 1
  for (int i = 1; i < tiles; i++) {
    const char* values = ring->values();
    Barrier* read = ring->empty + ring->stage;
    ring->next();
    ring->awaitTile();
    multiplyQueries<WatchedShape, Io, kDim>(queries, ring->keys(), scores);
    multiplyValues<Io, kDim>(weights, values, out);
    warp->put(counted, base);
    base += kTileKeys;
    awaitProducts<1>();
    hold(scores);
    weigh<kDim>(scores, base, false, &warp->rows, shrink, watch());
    hold(scores);
    // A branch, before which the weights are made: the compiler would else wait first.
    if (warp->leavesAnchor()) {
      warp->raiseAnchor(base);
    }
    awaitProducts<0>();
    hold(out);
    arrive(read);
    take();
  }
  multiplyValues<Io, kDim>(weights, ring->values(), out);
  warp->put(counted, base);
  awaitProducts<0>();
  hold(out);
  arrive(ring->empty + ring->stage);
  ring->next();
}

template <typename Io>
__device__ void consume(const View& v, const Told& told, const Rows& rows, const char* queries,
                        Ring ring, const Output<Io>& output) {
  int thread = threadIdx.x - 128;
  int first_row = thread / 32 * 16;
  int row = first_row + thread % 32 / 4;
  WarpRows warp;
  warp.begin(v, told, rows, row);
  float out[kDim / 2];
#pragma unroll
  for (int i = 0; i < kDim / 2; i++) {
    out[i] = 0;
  }
  const char* my_queries = queries + thread / 128 * 64 * 128;
  int end = rows.tile.last;
  int far = lastBegins(rows.tile.first) / kTileKeys * kTileKeys;
  int whole = rows.token(first_row) + 1;  // what every row of the warp sees
  int base = 0;
#pragma unroll 1
  while (base < end) {
    if (base > 0 && base < far) {
      attendFar<Io>(base, far, my_queries, &ring, &warp, out);
      base = far;
    } else {
      attendNear<Io>(base, base + kTileKeys > whole, my_queries, &ring, &warp, out);
      base += kTileKeys;
    }
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float& sum = warp.rows.state.sum[half];
    sum += __shfl_xor_sync(kWarp, sum, 1);
    sum += __shfl_xor_sync(kWarp, sum, 2);
  }
  writeRows<Io, kDim>(v, rows, row, output, out, warp.rows.state);
  warp.end(v, told, rows, row);
}

#endif

template <typename Io>
__global__ void __launch_bounds__(WatchedShape::kThreads, 1)
    attendWatchedKernel(View v, Keys<Io> keys, const Io* q, Output<Io> output, Told told) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = WatchedShape;
  extern __shared__ uint4 shared[];
  char* memory = reinterpret_cast<char*>(shared);
  Barrier* full = reinterpret_cast<Barrier*>(memory);
  Barrier* empty = full + Shape::kStages;
  // Tiles begin at multiples of 1,024 bytes.
  uint32_t behind = sharedAddress(memory) + 256;
  char* queries = memory + 256 + ((behind + 1023) / 1024 * 1024 - behind);
  char* stages = queries + Shape::kQueryBytes;
  char* counters = stages + Shape::kStages * Shape::kStageBytes;
  Rows rows;
  rows.h = blockIdx.y;
  rows.group = v.group;
  // Later tokens see more keys: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, Shape::kRows / v.group, Form::kPrefill,
                &rows.tile) ||
      !told.answered.here(rows.tile.sequence)) {
    return;
  }
  if (threadIdx.x == 0) {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, Shape::kGroups * 128);
    }
  }
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  Counters::begin<Io>(counters);
  fenceForTensorCores();
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produce<Io>(v, keys, rows, rows.tile.last,
                lengthsOf(told.shares, told.c, rows.tile.sequence, rows.h), stages, counters, full,
                empty);
  } else {
    growRegisters<Shape::kRegisters>();
    consume<Io>(v, told, rows, queries, Ring{stages, counters, full, empty}, output);
  }
#endif
}

template <typename Io>
Report attend(const Wave& wave, const Counted& counted, const Landing& landing) {
  using Shape = WatchedShape;
  const Call& call = wave.call;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, Shape::kRows / v.group)),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  Told told = {countView(wave, counted), wave.shares, answeredOf(wave)};
  return launch("attend_watched", attendWatchedKernel<Io>, grid, call.p.stream, v,
                keysOf<Io>(call, Branch::kFull), static_cast<const Io*>(call.queries),
                outputOf<Io>(call, landing), told);
}

}  // namespace

bool watchesInPassing(const Call& call) {
  return call.prefill && call.p.mode.kind == ModeKind::kFull && call.p.layout.head_dim == kDim &&
         hasGroupKernels(call);
}

int64_t tokensWatchedInPassing(const Call& call) {
  return WatchedShape::kRows / (call.p.query_heads / call.p.kv_heads);
}

Report attendWatched(const Wave& wave, const Counted& counted, const Landing& landing) {
  return wave.call.p.layout.element == Element::kFloat16
             ? attend<__half>(wave, counted, landing)
             : attend<__nv_bfloat16>(wave, counted, landing);
}

}  // namespace ssa::cuda

// kernels.cu: what the CUDA kernels take, step by step, and against what the device can do
//
// Random inputs, one sequence, medians of event times after warming up; decoding steps read every key
// again from one cache. Work is counted as in the kernels' headers; the share is that of the larger of
// its two times at the peaks, which are measured first: mma.sync from registers, and a copy of 1 GiB
// counting bytes read and written.
//
//   kernels [watched | heads] [tokens …]    default 8192 32768 131072; watched: attention statistics
//                                           only; heads: the vocabulary's kernels alone
#include <algorithm>
#include <string>

#include "bench/device.h"
#include "kernels/cuda/call.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::bench {
namespace {

using namespace ssa::cuda;

constexpr int64_t kQueryHeads = 32;
constexpr int64_t kKvHeads = 2;
constexpr int64_t kDim = 64;
constexpr double kRestMillisPerToken = (3705.0 - 16 * 169) / 16 / 131072;

double medianMillis(const std::function<void()>& work, int least_runs) {
  cudaEvent_t begin, end;
  require(cudaEventCreate(&begin), "event");
  require(cudaEventCreate(&end), "event");
  std::vector<float> times;
  double total = 0;
  work();
  work();
  for (int i = 0; i < least_runs || (total < 150 && i < 200); i++) {
    require(cudaEventRecord(begin), "record");
    work();
    require(cudaEventRecord(end), "record");
    require(cudaEventSynchronize(end), "wait");
    float millis = 0;
    require(cudaEventElapsedTime(&millis, begin, end), "time");
    times.push_back(millis);
    total += millis;
  }
  std::sort(times.begin(), times.end());
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return times[times.size() / 2];
}

constexpr int kChains = 8;
constexpr int kRounds = 20000;

__global__ void multiplyForever(float* out) {
  float c[kChains][4] = {};
  uint32_t a[4];
  for (int i = 0; i < 4; i++) {
    a[i] = pack<__nv_bfloat16>(0.001f * threadIdx.x, 0.5f);
  }
  for (int round = 0; round < kRounds; round++) {
#pragma unroll
    for (int i = 0; i < kChains; i++) {
      multiplyAdd<__nv_bfloat16>(c[i], a, a[0] + i, a[1]);
    }
  }
  float sum = 0;
  for (int i = 0; i < kChains; i++) {
    sum += c[i][0] + c[i][1] + c[i][2] + c[i][3];
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

struct Peaks {
  double flops;  // per second
  double bytes;
};

Peaks measurePeaks(int processors) {
  constexpr int kThreads = 256;
  Buffer out(sizeof(float) * processors * 2 * kThreads);
  double millis = medianMillis(
      [&] { multiplyForever<<<processors * 2, kThreads>>>(out.as<float>()); }, 3);
  double flops = 2.0 * 16 * 8 * 16 * kChains * kRounds * (kThreads / 32) * processors * 2;
  Buffer from(size_t{1} << 30), to(size_t{1} << 30);
  double copy = medianMillis(
      [&] { cudaMemcpyAsync(to.as<void>(), from.as<void>(), 1 << 30, cudaMemcpyDeviceToDevice); },
      5);
  return {flops / millis * 1e3, 2.0 * (1 << 30) / copy * 1e3};
}

void print(const char* what, int64_t tokens, double millis, double flops, double bytes,
           const Peaks& peaks) {
  double floor = std::max(flops / peaks.flops, bytes / peaks.bytes) * 1e3;
  std::printf("| %7lld | %-34s | %9.4f | %7.1f | %7.1f | %5.1f %% |\n",
              static_cast<long long>(tokens), what, millis, flops / millis * 1e-9,
              bytes / millis * 1e-6, 100 * floor / millis);
  std::fflush(stdout);
}

std::vector<char> randomBytes(uint64_t seed, int64_t n) {
  std::vector<float> values(n);
  onAllThreads(n, [&](int64_t i) { values[i] = randomValue(seed, i); });
  return stored(Element::kBFloat16, values);
}

// One sequence of `tokens`, on the device; new tokens come behind `past`.
struct Layer {
  int64_t tokens;
  cuda::PageLayout layout = {Element::kBFloat16, kKvHeads, kDim, true};
  Buffer q, k, v, out, selected, pages, page_table;
  int64_t columns;

  explicit Layer(int64_t tokens)
      : tokens(tokens),
        q(randomBytes(1, tokens * kQueryHeads * kDim)),
        k(randomBytes(2, tokens * kKvHeads * kDim)),
        v(randomBytes(3, tokens * kKvHeads * kDim)),
        out(tokens * kQueryHeads * kDim * 2),
        selected(tokens * kKvHeads * 64 * sizeof(int32_t)),
        pages((tokens + 127) / 128 * layout.layerBytes()),
        page_table((tokens + 127) / 128 * sizeof(char*)),
        columns((tokens + 127) / 128) {
    std::vector<char*> table;
    for (int64_t i = 0; i < columns; i++) {
      table.push_back(pages.as<char>() + i * layout.layerBytes());
    }
    require(cudaMemcpy(page_table.as<void>(), table.data(), table.size() * sizeof(char*),
                       cudaMemcpyHostToDevice),
            "page table");
  }
};

// A call over the last `fresh` tokens of a layer.
class LayerCall {
 public:
  LayerCall(Layer& layer, int64_t fresh, Mode mode)
      : starts_(std::vector<int64_t>{0, fresh}),
        past_(std::vector<int64_t>{layer.tokens - fresh}) {
    int64_t past = layer.tokens - fresh;
    p_.tokens = fresh;
    p_.query_heads = kQueryHeads;
    p_.kv_heads = kKvHeads;
    p_.sequences = 1;
    p_.layout = layer.layout;
    p_.q = layer.q.as<char>() + past * kQueryHeads * kDim * 2;
    p_.k = layer.k.as<char>() + past * kKvHeads * kDim * 2;
    p_.v = layer.v.as<char>() + past * kKvHeads * kDim * 2;
    p_.sequence_starts = starts_.as<int64_t>();
    p_.past_tokens = past_.as<int64_t>();
    p_.pages = layer.page_table.as<char*>();
    p_.page_columns = layer.columns;
    p_.most_tokens = layer.tokens;
    p_.most_new_tokens = p_.least_new_tokens = fresh;
    p_.decoding = true;
    p_.mode = mode;
    p_.out = layer.out.as<void>();
    p_.selected = layer.selected.as<int32_t>();
    workspace_ = std::make_unique<Buffer>(workspaceBytes(p_));
    p_.workspace = workspace_->as<void>();
    call_ = prepare(p_);
  }

  double whole(int runs) {
    return medianMillis([&] { require(attention(p_)); }, runs);
  }
  // The whole call as a graph: what the device takes, without the host's launches.
  double replayed(int runs) {
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t ready;
    require(cudaStreamCreate(&stream), "stream");
    p_.stream = stream;
    require(attention(p_));
    require(cudaStreamSynchronize(stream), "before capture");
    require(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "capture");
    require(attention(p_));
    require(cudaStreamEndCapture(stream, &graph), "capture");
    require(cudaGraphInstantiate(&ready, graph, 0), "graph");
    double millis = medianMillis([&] { require(cudaGraphLaunch(ready, nullptr), "replay"); }, runs);
    p_.stream = nullptr;
    cudaGraphExecDestroy(ready);
    cudaGraphDestroy(graph);
    cudaStreamDestroy(stream);
    return millis;
  }
  // The whole call with statistics of all its tokens; `more`: the bytes that these take.
  double watched(int runs, bool sinks, std::vector<BlockBudget> budgets, size_t* more) {
    std::vector<int64_t> starts = {0, p_.tokens};
    std::vector<int64_t> past = {p_.most_tokens - p_.tokens};
    std::vector<int64_t> ranges = {past[0], p_.most_tokens};
    int64_t buckets = bucketOf(p_.most_tokens - 1) + 1;
    cuda::Watched watched = {{sinks, !budgets.empty(), false, budgets.data(),
                              static_cast<int64_t>(budgets.size()), ranges.data(), buckets, nullptr},
                             starts.data(),
                             past.data()};
    Buffer totals(std::vector<double>(
        buckets * p_.query_heads * columnsOf(watched.asked, p_.mode.kind), 0.0));
    watched.asked.totals = totals.as<double>();
    *more = workspaceBytes(p_, watched) - workspaceBytes(p_);
    Buffer workspace(workspaceBytes(p_, watched));
    cuda::AttentionParameters p = p_;
    p.workspace = workspace.as<void>();
    return medianMillis([&] { require(watchedAttention(p, watched)); }, runs);
  }
  template <typename Step>
  double step(int runs, Step step) {
    return medianMillis([&] { require(step(call_)); }, runs);
  }

 private:
  Buffer starts_, past_;
  cuda::AttentionParameters p_ = {};
  std::unique_ptr<Buffer> workspace_;
  Call call_;
};

const Landing kAlone = {1, nullptr, nullptr};

void timePrefill(Layer& layer, const Peaks& peaks) {
  int64_t t = layer.tokens;
  double heads = static_cast<double>(t) * kQueryHeads * kDim;
  double blocks = t / 16.0;
  double keys = static_cast<double>(t) * kKvHeads * kDim;
  Mode mode = {ModeKind::kSparse, 16, 16, 0};
  LayerCall call(layer, t, mode);
  require(cudaGetLastError(), "before");
  double appended = call.step(5, [](const Call& c) { return append(c); });
  print("append to pages", t, appended, 0, keys * 8, peaks);
  double means = call.step(5, [](const Call& c) { return blockMeans(c); });
  print("block means", t, means, 0, blocks * kKvHeads * kDim * 12, peaks);
  // Half of the blocks, on average; two parts of each mean.
  double scores = 2 * 2 * heads * blocks / 2;
  double normalisers = call.step(5, [](const Call& c) { return blockNormalisers(c); });
  print("block normalisers", t, normalisers, scores, heads * 2, peaks);
  double chosen = call.step(5, [](const Call& c) { return blockTopK(c); });
  print("block top-k", t, chosen, scores, heads * 2, peaks);
  double attended = call.step(5, [](const Call& c) { return attendSelected(c, kAlone); });
  print("attention over 16 x 16", t, attended, 4 * heads * 256, heads * 4, peaks);
  double selection = means + normalisers + chosen;
  print("= selection + attention", t, selection + attended, 2 * scores + 4 * heads * 256, 0, peaks);
  print("the same in one call, with append", t, call.whole(5), 2 * scores + 4 * heads * 256, 0,
        peaks);
  LayerCall released(layer, t, {ModeKind::kReleased, 16, 16, 0});
  print("released rule, one call", t, released.whole(3), 2 * scores + 4 * heads * 256, 0, peaks);
  LayerCall nsa(layer, t, {ModeKind::kThreeBranch, 16, 16, 128});
  double three = 2 * scores + 4 * heads * (256 + 128 + blocks / 2);
  print("NSA 16 x 16, window 128, one call", t, nsa.whole(3), three, 0, peaks);
  LayerCall full(layer, t, {ModeKind::kFull, 0, 0, 0});
  print("full attention", t, full.step(3, [](const Call& c) {
    return attendBranch(c, Branch::kFull, kAlone);
  }), 4 * heads * t / 2, heads * 4, peaks);
}

// What statistics add to full attention, alone and beside the rest of a layer of the 1B shape. A first
// token behind 131,072 took 3,705 ms in 16 layers, of which attention took 169 each
// (docs/performance.md): the rest, kRestMillisPerToken, grows with the tokens.
void timeWatched(Layer& layer, const Peaks& peaks) {
  int64_t t = layer.tokens;
  double heads = static_cast<double>(t) * kQueryHeads * kDim;
  LayerCall call(layer, t, {ModeKind::kFull, 0, 0, 0});
  double alone = call.whole(3);
  double rest = kRestMillisPerToken * t;
  double flops = 4 * heads * t / 2;
  print("full attention, one call", t, alone, flops, 0, peaks);
  auto tell = [&](const char* what, bool sinks, std::vector<BlockBudget> budgets) {
    size_t more = 0;
    double millis = call.watched(3, sinks, std::move(budgets), &more);
    print(what, t, millis, 1.5 * flops, 0, peaks);
    std::printf("|         |   %.2f of attention, %.2f of a layer with %.1f ms beside it; %.0f MB more\n",
                millis / alone, (millis + rest) / (alone + rest), rest, more * 1e-6);
  };
  tell("watched: sinks", true, {});
  tell("watched: capture 16 x 16", false, {{16, 16}});
  tell("watched: sinks, capture 16 x 16", true, {{16, 16}});
  LayerCall sparse(layer, t, {ModeKind::kSparse, 16, 16, 0});
  size_t more = 0;
  double unwatched = sparse.whole(3);
  double watched = sparse.watched(3, true, {}, &more);
  print("sparse 16 x 16 watched: sinks", t, watched, 0, 0, peaks);
  std::printf("|         |   %.2f of the call, %.2f of a layer; %.0f MB more\n", watched / unwatched,
              (watched + rest) / (unwatched + rest), more * 1e-6);
}

void timeDecode(Layer& layer, const Peaks& peaks) {
  int64_t t = layer.tokens;
  double keys = static_cast<double>(t) * kKvHeads * kDim;
  LayerCall full(layer, 1, {ModeKind::kFull, 0, 0, 0});
  print("one token, full (graph)", t, full.replayed(20), 4.0 * kQueryHeads * kDim * t, keys * 4,
        peaks);
  LayerCall sparse(layer, 1, {ModeKind::kSparse, 16, 16, 0});
  double means = keys / 16;
  print("one token, sparse 16 x 16 (graph)", t, sparse.replayed(20), 8.0 * kQueryHeads * kDim * t / 16,
        means * 20 + 256 * 4 * kKvHeads * kDim, peaks);
  for (auto [what, step] : std::vector<std::pair<const char*, Report (*)(const Call&)>>{
           {"  append", append},
           {"  block means", blockMeans},
           {"  block normalisers", blockNormalisers},
           {"  block top-k", blockTopK}}) {
    print(what, t, sparse.step(20, step), 0, 0, peaks);
  }
}

// The vocabulary head of the 1B shape.
void timeHead(int64_t tokens, const Peaks& peaks) {
  constexpr int64_t kWidth = 2048;
  constexpr int64_t kVocabulary = 128256;
  Buffer hidden(randomBytes(4, tokens * kWidth)), weight(randomBytes(5, kVocabulary * kWidth));
  Buffer targets(std::vector<int64_t>(tokens, 17));
  Buffer logprob(tokens * 4), argmax(tokens * 4), best(tokens * 4);
  cuda::TokenLogProbParameters p = {tokens,
                              kWidth,
                              kVocabulary,
                              Element::kBFloat16,
                              hidden.as<void>(),
                              weight.as<void>(),
                              targets.as<int64_t>(),
                              logprob.as<float>(),
                              argmax.as<int32_t>(),
                              best.as<float>(),
                              nullptr,
                              nullptr};
  Buffer workspace(workspaceBytes(p));
  p.workspace = workspace.as<void>();
  double millis = medianMillis([&] { require(tokenLogProb(p)); }, 5);
  print("token log-prob, V 128,256, E 2,048", tokens, millis, 2.0 * tokens * kVocabulary * kWidth,
        2.0 * kVocabulary * kWidth, peaks);
}

// Two heads of that shape against each other.
void timeDivergence(int64_t tokens, Element element, const Peaks& peaks) {
  constexpr int64_t kWidth = 2048;
  constexpr int64_t kVocabulary = 128256;
  int64_t bytes = element == Element::kFloat32 ? 2 : 1;
  Buffer hidden_a(randomBytes(6, tokens * kWidth * bytes));
  Buffer hidden_b(randomBytes(7, tokens * kWidth * bytes));
  Buffer weight(randomBytes(8, kVocabulary * kWidth * bytes));
  Buffer targets(std::vector<int64_t>(tokens, 17));
  Buffer figures(tokens * 5 * sizeof(double)), argmax(tokens * 2 * sizeof(int32_t));
  cuda::TokenDivergenceParameters p = {tokens,
                                       kVocabulary,
                                       element,
                                       {kWidth, hidden_a.as<void>(), weight.as<void>()},
                                       {kWidth, hidden_b.as<void>(), weight.as<void>()},
                                       targets.as<int64_t>(),
                                       figures.as<double>(),
                                       argmax.as<int32_t>(),
                                       nullptr,
                                       nullptr};
  Buffer workspace(workspaceBytes(p));
  p.workspace = workspace.as<void>();
  double millis = medianMillis([&] { require(tokenDivergence(p)); }, 3);
  bool wide = element == Element::kFloat32;
  print(wide ? "token divergence, the same, fp32" : "token divergence, the same, bf16", tokens, millis,
        4.0 * tokens * kVocabulary * kWidth, 2.0 * bytes * kVocabulary * kWidth, peaks);
  std::printf("workspace of %lld rows: %.1f MB\n", static_cast<long long>(tokens),
              workspace.bytes() * 1e-6);
}

int main(int argc, char** argv) {
  std::vector<int64_t> lengths;
  bool watched = argc > 1 && std::string(argv[1]) == "watched";
  bool heads = argc > 1 && std::string(argv[1]) == "heads";
  for (int i = watched || heads ? 2 : 1; i < argc; i++) {
    lengths.push_back(std::atoll(argv[i]));
  }
  if (lengths.empty() && !heads) {
    lengths = {8192, 32768, 131072};
  }
  cudaDeviceProp device;
  require(cudaGetDeviceProperties(&device, 0), "device");
  Peaks peaks = measurePeaks(device.multiProcessorCount);
  std::printf("%s, %d multiprocessors; peaks: mma.sync bf16 %.0f TFLOP/s, copy %.0f GB/s\n",
              device.name, device.multiProcessorCount, peaks.flops * 1e-12, peaks.bytes * 1e-9);
  std::printf("bf16, B 1, %lld Q / %lld KV, D %lld\n", static_cast<long long>(kQueryHeads),
              static_cast<long long>(kKvHeads), static_cast<long long>(kDim));
  std::printf("| tokens  | what                               | ms        | TFLOP/s | GB/s    | share   |\n");
  std::printf("|---|---|---|---|---|---|\n");
  if (!watched) {
    timeHead(1, peaks);
    timeHead(4096, peaks);
    timeDivergence(4096, Element::kBFloat16, peaks);
    timeDivergence(4096, Element::kFloat32, peaks);
  }
  for (int64_t tokens : lengths) {
    Layer layer(tokens);
    if (!watched) {
      timePrefill(layer, peaks);
      timeDecode(layer, peaks);
    }
    timeWatched(layer, peaks);
  }
  return 0;
}

}  // namespace
}  // namespace ssa::bench

int main(int argc, char** argv) { return ssa::bench::main(argc, argv); }

// gradients.cu: whether the CUDA kernels of training keep their contract, and how long they take
//
// Random cases, regular, irregular and degenerate; outputs and workspace begin as NaN. Each case runs
// twice and must give the same bits; then everything is held against the fp64 oracle:
//   selected  the own block, and no block left out that is more important than one taken, up to ties
//             of epsilon (1e-5 for fp32, else 1e-3)
//   the rest  positions of inf and NaN first, then |x - y| <= tolerance (1 + |y|), then the relative
//             error in the Euclidean norm (of arrays that are almost 0: relative to 0.1 per element);
//             tolerances: fp32 2e-5 and 5e-5; bf16 3e-2 and 1e-2 (weights, slopes and results are
//             rounded to 2^-9, a gradient of a score is of size sqrt(D))
//
//   gradients [TEXT]         all cases whose names hold TEXT
//   gradients speed [TEXT]   milliseconds of forward and backward of such cases
#include <cstring>
#include <string>

#include "bench/gradients_oracle.h"
#include "kernels/cuda/packed/packed.h"

namespace ssa::bench {
namespace {

using cuda::Element;

struct Case {
  Element element;
  int64_t dim;
  int64_t query_heads;
  int64_t kv_heads;
  std::vector<int64_t> tokens;  // of each sequence
  Branch branch;

  int64_t total() const {
    int64_t sum = 0;
    for (int64_t n : tokens) {
      sum += n;
    }
    return sum;
  }
  bool selects() const { return branch.kind == BranchKind::kSelected; }
  std::string name() const {
    const char* kinds[] = {"full", "selected", "compressed", "window"};
    std::string text = std::string(element == Element::kFloat32 ? "fp32" : "bf16") + " D " +
                       std::to_string(dim) + " " + std::to_string(query_heads) + "/" +
                       std::to_string(kv_heads) + " " + kinds[static_cast<int>(branch.kind)];
    if (selects()) {
      text += branch.released ? " released" : "";
      text += " " + std::to_string(branch.block_size) + "x" + std::to_string(branch.block_count);
    }
    text += " tokens";
    for (int64_t n : tokens) {
      text += " " + std::to_string(n);
    }
    return text;
  }
};

std::vector<float> randomValues(Element element, uint64_t seed, int64_t n) {
  std::vector<float> x(n);
  onAllThreads(n, [&](int64_t i) { x[i] = rounded(element, randomValue(seed, i)); });
  return x;
}

struct Inputs {
  std::vector<float> q, k, v, d_out;

  explicit Inputs(const Case& c) {
    int64_t heads = c.total() * c.query_heads * c.dim;
    int64_t keys = c.total() * c.kv_heads * c.dim;
    q = randomValues(c.element, 1, heads);
    k = randomValues(c.element, 2, keys);
    v = randomValues(c.element, 3, keys);
    d_out = randomValues(c.element, 4, heads);
  }
};

// A case on the device.
struct World {
  std::vector<int32_t> starts = {0};
  Buffer q, k, v, d_out, out, sums, selected, dq, dk, dv;
  cuda::PackedForward f = {};
  cuda::PackedBackward b = {};
  std::unique_ptr<Buffer> forward_room, backward_room;

  World(const Case& c, const Inputs& in)
      : q(stored(c.element, in.q)),
        k(stored(c.element, in.k)),
        v(stored(c.element, in.v)),
        d_out(stored(c.element, in.d_out)),
        out(q.bytes()),
        sums(c.total() * c.query_heads * sizeof(float)),
        selected(c.selects() ? c.total() * c.kv_heads * c.branch.block_count * 4 : 0),
        dq(q.bytes()),
        dk(k.bytes()),
        dv(v.bytes()) {
    for (int64_t n : c.tokens) {
      starts.push_back(starts.back() + static_cast<int32_t>(n));
    }
    PackedProblem problem = {c.total(), c.query_heads, c.kv_heads, c.dim,
                             static_cast<int64_t>(c.tokens.size()), starts.data(), c.branch};
    f = {problem,          c.element,           q.as<void>(),  k.as<void>(), v.as<void>(),
         out.as<void>(),    sums.as<float>(),    selected.as<int32_t>(), nullptr, nullptr};
    b = {problem,        c.element,        q.as<void>(),          k.as<void>(),
         v.as<void>(),   out.as<void>(),    sums.as<float>(),      selected.as<int32_t>(),
         d_out.as<float>(), dq.as<void>(),  dk.as<void>(),         dv.as<void>(),
         nullptr,        nullptr};
    forward_room = std::make_unique<Buffer>(workspaceBytes(f));
    backward_room = std::make_unique<Buffer>(workspaceBytes(b));
    f.workspace = forward_room->as<void>();
    b.workspace = backward_room->as<void>();
  }

  void run(const Case& c) {
    for (Buffer* buffer : {&out, &sums, &selected, &dq, &dk, &dv, forward_room.get(),
                           backward_room.get()}) {
      buffer->poison();
    }
    require(forward(f));
    require(cudaDeviceSynchronize(), ("forward of " + c.name()).c_str());
    require(backward(b));
    require(cudaDeviceSynchronize(), ("backward of " + c.name()).c_str());
  }

  std::vector<std::vector<char>> bits() const {
    std::vector<std::vector<char>> all;
    for (const Buffer* buffer : {&out, &sums, &selected, &dq, &dk, &dv}) {
      all.push_back(buffer->read<char>());
    }
    return all;
  }
};

// The largest error of an array, absolute or relative, and the relative error in the Euclidean norm.
struct Error {
  double largest = 0;
  double square = 0;
  double of_square = 0;
  double count = 0;

  void add(double x, double y) {
    if (std::isinf(y) || !std::isfinite(x)) {
      largest = x == y ? largest : INFINITY;
      return;
    }
    largest = std::max(largest, std::fabs(x - y) / (1 + std::fabs(y)));
    square += (x - y) * (x - y);
    of_square += y * y;
    count++;
  }
  double norm() const { return std::sqrt(square / std::max(of_square, 0.01 * count + 1e-9)); }
};

Sequence sequenceOf(const Case& c, const Inputs& in, int64_t start, int64_t tokens) {
  auto part = [&](const std::vector<float>& x, int64_t heads) {
    return std::vector<float>(x.begin() + start * heads * c.dim,
                              x.begin() + (start + tokens) * heads * c.dim);
  };
  return {tokens, c.query_heads, c.kv_heads, c.dim, part(in.q, c.query_heads),
          part(in.k, c.kv_heads), part(in.v, c.kv_heads), {}};
}

int64_t wrongSelections(const Case& c, const Sequence& s, const int32_t* selected) {
  Mode mode = {c.branch.released ? ModeKind::kReleased : ModeKind::kSparse, c.branch.block_size,
               c.branch.block_count, 0};
  double epsilon = c.element == Element::kFloat32 ? 1e-5 : 1e-3;
  std::vector<int64_t> wrong(s.tokens * s.kv_heads, 0);
  std::vector<std::vector<double>> means;
  for (int64_t h = 0; h < s.kv_heads; h++) {
    means.push_back(blockMeans(s, s.k, h, c.branch.block_size));
  }
  onAllThreads(static_cast<int64_t>(wrong.size()), [&](int64_t i) {
    int64_t t = i / s.kv_heads;
    int64_t h = i % s.kv_heads;
    wrong[i] = !selectionHolds(mode, importances(s, means[h], t, h, mode.block_size), t,
                               selected + i * mode.block_count, epsilon);
  });
  int64_t sum = 0;
  for (int64_t x : wrong) {
    sum += x;
  }
  return sum;
}

struct Errors {
  Error out, log_sum_exp, dq, dk, dv;
  int64_t wrong_selections = 0;
};

Errors errorsOf(const Case& c, const Inputs& in, const World& world) {
  Errors errors;
  std::vector<char> out = world.out.read<char>(), dq = world.dq.read<char>(),
                    dk = world.dk.read<char>(), dv = world.dv.read<char>();
  std::vector<float> sums = world.sums.read<float>();
  std::vector<int32_t> selected = world.selected.read<int32_t>();
  int64_t start = 0;
  for (int64_t tokens : c.tokens) {
    Sequence s = sequenceOf(c, in, start, tokens);
    std::vector<float> d_out(in.d_out.begin() + start * c.query_heads * c.dim,
                             in.d_out.begin() + (start + tokens) * c.query_heads * c.dim);
    const int32_t* mine =
        c.selects() ? selected.data() + start * c.kv_heads * c.branch.block_count : nullptr;
    if (c.selects()) {
      errors.wrong_selections += wrongSelections(c, s, mine);
      if (errors.wrong_selections > 0) {
        return errors;
      }
    }
    Gradients wanted = gradientsOf(s, c.branch, d_out, mine);
    auto compare = [&](const std::vector<char>& computed, const std::vector<double>& oracle,
                       int64_t first, Error* error) {
      for (size_t i = 0; i < oracle.size(); i++) {
        error->add(valueAt(c.element, computed, first + static_cast<int64_t>(i)), oracle[i]);
      }
    };
    int64_t queries = start * c.query_heads * c.dim;
    int64_t keys = start * c.kv_heads * c.dim;
    compare(out, wanted.out, queries, &errors.out);
    compare(dq, wanted.dq, queries, &errors.dq);
    compare(dk, wanted.dk, keys, &errors.dk);
    compare(dv, wanted.dv, keys, &errors.dv);
    for (size_t i = 0; i < wanted.log_sum_exp.size(); i++) {
      errors.log_sum_exp.add(sums[start * c.query_heads + i], wanted.log_sum_exp[i]);
    }
    start += tokens;
  }
  return errors;
}

bool passes(const Case& c) {
  Inputs in(c);
  World world(c, in);
  world.run(c);
  std::vector<std::vector<char>> bits = world.bits();
  world.run(c);
  bool deterministic = bits == world.bits();
  Errors e = errorsOf(c, in, world);
  bool wide = c.element == Element::kFloat32;
  bool good = deterministic && e.wrong_selections == 0;
  for (const Error* error : {&e.out, &e.log_sum_exp, &e.dq, &e.dk, &e.dv}) {
    good = good && error->largest <= (wide ? 2e-5 : 3e-2) && error->norm() <= (wide ? 5e-5 : 1e-2);
  }
  std::printf("%-6s %-62s", good ? "ok" : "WRONG", c.name().c_str());
  const char* names[] = {"out", "sum", "dq", "dk", "dv"};
  int i = 0;
  for (const Error* error : {&e.out, &e.log_sum_exp, &e.dq, &e.dk, &e.dv}) {
    std::printf(" %s %.0e/%.0e", names[i++], error->largest, error->norm());
  }
  if (e.wrong_selections > 0) {
    std::printf("  selections wrong %lld", static_cast<long long>(e.wrong_selections));
  }
  std::printf("%s\n", deterministic ? "" : "  BITS DIFFER BETWEEN RUNS");
  std::fflush(stdout);
  return good;
}

Branch full() { return {BranchKind::kFull, 1, 1, false, 1}; }
Branch selected(int64_t size, int64_t count) {
  return {BranchKind::kSelected, size, count, false, 1};
}
Branch released(int64_t size) { return {BranchKind::kSelected, size, size, true, 1}; }
Branch compressed(int64_t size) { return {BranchKind::kCompressed, size, 1, false, 1}; }
Branch window(int64_t tokens) { return {BranchKind::kWindow, 1, 1, false, tokens}; }

std::vector<Case> allCases() {
  std::vector<Case> cases;
  for (Element e : {Element::kBFloat16, Element::kFloat32}) {
    for (int64_t dim : {32, 64, 128}) {
      for (Branch branch : {full(), selected(16, 4), compressed(16), window(50)}) {
        cases.push_back({e, dim, 16, 1, {300}, branch});
        cases.push_back({e, dim, 4, 2, {40, 0, 1, 133}, branch});
      }
    }
    for (Branch branch : {full(), selected(8, 3), selected(64, 2), selected(128, 2), released(8),
                          compressed(8), window(1)}) {
      cases.push_back({e, 64, 16, 1, {1}, branch});
      cases.push_back({e, 64, 16, 1, {15}, branch});
      cases.push_back({e, 64, 6, 2, {0, 257, 0}, branch});
      cases.push_back({e, 64, 32, 1, {150}, branch});
      cases.push_back({e, 32, 1, 1, {170, 2}, branch});
    }
    // Keys with readers for several items, rows of several sequences and groups that tiles do not divide.
    for (int64_t dim : {32, 64}) {
      for (Branch branch : {full(), window(130), compressed(8)}) {
        cases.push_back({e, dim, 16, 1, {900}, branch});
        cases.push_back({e, dim, 10, 2, {1, 700, 65, 0, 193}, branch});
        cases.push_back({e, dim, 2, 2, {450}, branch});
      }
    }
    // Blocks with readers for several items.
    cases.push_back({e, 32, 16, 1, {2100}, selected(16, 16)});
    cases.push_back({e, 32, 16, 1, {1500}, released(16)});
    cases.push_back({e, 32, 4, 1, {1200}, compressed(16)});
    // Heads in fours, eights and sixteens, several tiles of blocks, lists of each length.
    for (int64_t dim : {64, 128}) {
      cases.push_back({e, dim, 16, 1, {2100}, selected(16, 16)});
      cases.push_back({e, dim, 16, 1, {1, 700, 65, 0, 193}, selected(8, 16)});
      cases.push_back({e, dim, 8, 2, {1500}, released(16)});
      cases.push_back({e, dim, 16, 2, {1700, 30}, selected(16, 32)});
      cases.push_back({e, dim, 3, 1, {1100}, selected(8, 48)});
    }
  }
  return cases;
}

struct Times {
  float forward;
  float backward;
};

Times timesOf(World& world, int repeats) {
  cudaEvent_t at[3];
  for (cudaEvent_t& event : at) {
    require(cudaEventCreate(&event), "event");
  }
  Times best = {INFINITY, INFINITY};
  for (int i = 0; i < repeats; i++) {
    require(cudaEventRecord(at[0]), "record");
    require(forward(world.f));
    require(cudaEventRecord(at[1]), "record");
    require(backward(world.b));
    require(cudaEventRecord(at[2]), "record");
    require(cudaEventSynchronize(at[2]), "synchronize");
    Times times;
    require(cudaEventElapsedTime(&times.forward, at[0], at[1]), "elapsed");
    require(cudaEventElapsedTime(&times.backward, at[1], at[2]), "elapsed");
    best = {std::min(best.forward, times.forward), std::min(best.backward, times.backward)};
  }
  return best;
}

// Head dimension, query and KV heads.
struct Shape {
  int64_t dim;
  int64_t query_heads;
  int64_t kv_heads;
};

void speed(const std::string& wanted) {
  std::printf("bf16; milliseconds, best of 5\n");
  for (const std::vector<int64_t>& tokens :
       {std::vector<int64_t>{8192}, {8192, 8192, 8192, 8192}, {32768}}) {
    for (const Shape& shape : {Shape{32, 16, 1}, {64, 32, 2}, {128, 32, 8}}) {
      for (Branch branch : {selected(16, 16), selected(32, 32), compressed(16), window(128), full()}) {
        Case c = {Element::kBFloat16, shape.dim, shape.query_heads, shape.kv_heads, tokens, branch};
        if (c.name().find(wanted) == std::string::npos) {
          continue;
        }
        Inputs in(c);
        World world(c, in);
        Times times = timesOf(world, 5);
        std::printf("%-50s forward %8.3f  backward %8.3f  workspace %.0f, %.0f MB\n",
                    c.name().c_str(), times.forward, times.backward,
                    world.forward_room->bytes() / 1e6, world.backward_room->bytes() / 1e6);
        std::fflush(stdout);
      }
    }
  }
}

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "speed") == 0) {
    speed(argc > 2 ? argv[2] : "");
    return 0;
  }
  std::string wanted = argc > 1 ? argv[1] : "";
  int64_t run = 0;
  int64_t wrong = 0;
  for (const Case& c : allCases()) {
    if (c.name().find(wanted) == std::string::npos) {
      continue;
    }
    run++;
    wrong += !passes(c);
  }
  std::printf("%lld cases, %lld wrong\n", static_cast<long long>(run),
              static_cast<long long>(wrong));
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ssa::bench

int main(int argc, char** argv) { return ssa::bench::main(argc, argv); }

// world.h: a case of the contract: its sequences on the host and on the device, and calls over them
#pragma once

#include <string>

#include "bench/controls.h"
#include "bench/device.h"
#include "bench/oracle.h"

namespace ssa::bench {

using cuda::Element;

enum class Inputs { kRandom, kEqualKeys, kZeroQueries };

struct Case {
  std::string name;
  Element element;
  int64_t dim;
  int64_t query_heads;
  int64_t kv_heads;
  std::vector<int64_t> past;   // tokens of each sequence that go in by a first call
  std::vector<int64_t> fresh;  // and by a second
  Mode mode;
  bool rotary = true;
  bool gates = false;
  float scale = 1;  // of queries and keys
  Inputs inputs = Inputs::kRandom;
  bool decoding = true;  // one new token of a sequence is decoded
  bool rows = false;     // q, k, v and gates before the sigmoid lie in one row, with tokens behind the
                         // last sequence's
};

// Everything of a case on the host: sequences as fed, and as rotated.
struct World {
  std::vector<Sequence> fed;
  std::vector<Sequence> rotated;
  std::vector<std::vector<float>> gates;  // as fed: before the sigmoid if the case has rows
  std::vector<float> cos, sin;
};

inline void rotate(const World& world, const Case& c, std::vector<float>& x, int64_t heads) {
  int64_t half = c.dim / 2;
  onAllThreads(static_cast<int64_t>(x.size()) / c.dim, [&](int64_t i) {
    float* at = &x[i * c.dim];
    const float* cos = &world.cos[i / heads * c.dim];
    const float* sin = &world.sin[i / heads * c.dim];
    for (int64_t d = 0; d < half; d++) {
      double low = at[d];
      double high = at[d + half];
      at[d] = rounded(c.element, low * cos[d] - high * sin[d]);
      at[d + half] = rounded(c.element, high * cos[d + half] + low * sin[d + half]);
    }
  });
}

inline std::vector<float> randomValues(const Case& c, uint64_t seed, int64_t n, float scale) {
  std::vector<float> x(n);
  onAllThreads(n, [&](int64_t i) { x[i] = rounded(c.element, scale * randomValue(seed, i)); });
  return x;
}

inline World makeWorld(const Case& c) {
  World world;
  int64_t longest = 0;
  for (size_t s = 0; s < c.fresh.size(); s++) {
    longest = std::max(longest, c.past[s] + c.fresh[s]);
  }
  if (c.rotary) {
    for (int64_t t = 0; t < longest; t++) {
      for (int64_t d = 0; d < c.dim; d++) {
        double angle = t * std::pow(10000.0, -2.0 * (d % (c.dim / 2)) / c.dim);
        world.cos.push_back(static_cast<float>(std::cos(angle)));
        world.sin.push_back(static_cast<float>(std::sin(angle)));
      }
    }
  }
  for (size_t i = 0; i < c.fresh.size(); i++) {
    Sequence s = {c.past[i] + c.fresh[i], c.query_heads, c.kv_heads, c.dim, {}, {}, {}, {}};
    uint64_t seed = 1000 * (i + 1) + static_cast<uint64_t>(c.mode.kind);
    int64_t keys = s.tokens * s.kv_heads * s.dim;
    int64_t heads = s.tokens * s.query_heads;
    s.q = randomValues(c, seed, heads * s.dim, c.inputs == Inputs::kZeroQueries ? 0 : c.scale);
    s.k = randomValues(c, seed + 1, keys, c.scale);
    s.v = randomValues(c, seed + 2, keys, 1);
    for (int64_t j = s.kv_heads * s.dim; c.inputs == Inputs::kEqualKeys && j < keys; j++) {
      s.k[j] = s.k[j % (s.kv_heads * s.dim)];
    }
    if (c.gates) {
      s.gates = randomValues(c, seed + 3, heads * 3, c.rows ? 2.0f : 0.5f);
    }
    world.gates.push_back(s.gates);
    for (float& gate : s.gates) {
      gate = c.rows ? rounded(c.element, 1 / (1 + std::exp(-static_cast<double>(gate)))) : gate;
    }
    world.fed.push_back(s);
    if (c.rotary) {
      rotate(world, c, s.q, s.query_heads);
      rotate(world, c, s.k, s.kv_heads);
    }
    world.rotated.push_back(std::move(s));
  }
  return world;
}

// Pages on the device for the sequences [first, last) of a world.
class Pages {
 public:
  Pages(const Case& c, const std::vector<int64_t>& tokens)
      : layout_{c.element, c.kv_heads, c.dim, c.mode.kind == ModeKind::kThreeBranch} {
    for (int64_t n : tokens) {
      columns_ = std::max(columns_, (n + 127) / 128);
    }
    int64_t count = columns_ * static_cast<int64_t>(tokens.size());
    memory_ = std::make_unique<Buffer>(count * layout_.layerBytes());
    std::vector<char*> table;
    // Neighbouring pages lie apart, as in a cache that has lived for a while.
    for (int64_t i = 0; i < count; i++) {
      int64_t slot = count % 7 == 0 ? i : i * 7 % count;
      table.push_back(memory_->as<char>() + slot * layout_.layerBytes());
    }
    table_ = std::make_unique<Buffer>(table);
  }
  void fill(cuda::AttentionParameters* p) const {
    p->layout = layout_;
    p->pages = table_->as<char*>();
    p->page_columns = columns_;
  }

 private:
  cuda::PageLayout layout_;
  int64_t columns_ = 0;
  std::unique_ptr<Buffer> memory_;
  std::unique_ptr<Buffer> table_;
};

struct Result {
  std::vector<char> out;
  std::vector<int32_t> selected;
};

// Tokens behind the last sequence's, in a case with rows.
constexpr int64_t kBehind = 5;

// q, k, v and gates of each token side by side, then tokens of no sequence.
inline std::vector<float> inRows(const std::vector<const std::vector<float>*>& parts, int64_t tokens,
                                 int64_t* stride) {
  *stride = 0;
  for (const std::vector<float>* part : parts) {
    *stride += static_cast<int64_t>(part->size()) / tokens;
  }
  std::vector<float> rows;
  for (int64_t t = 0; t < tokens; t++) {
    for (const std::vector<float>* part : parts) {
      int64_t width = static_cast<int64_t>(part->size()) / tokens;
      rows.insert(rows.end(), part->begin() + t * width, part->begin() + (t + 1) * width);
    }
  }
  rows.resize(rows.size() + kBehind * *stride, 1.0f);
  return rows;
}

// Whether what lies behind the last sequence's tokens is 0 and -1; then takes it off.
inline bool cutBehind(const Case& c, int64_t tokens, Result* result) {
  size_t out = result->out.size() / (tokens + kBehind) * tokens;
  size_t selected = tokens * c.kv_heads * c.mode.block_count;
  bool good = std::all_of(result->out.begin() + out, result->out.end(), [](char x) { return x == 0; }) &&
              std::all_of(result->selected.begin() + selected, result->selected.end(),
                          [](int32_t b) { return b == -1; });
  result->out.resize(out);
  result->selected.resize(selected);
  return good;
}

// The statistics that a call is asked for; mutable: their totals.
struct Watching {
  bool sinks = true;
  bool capture = false;
  bool error = false;
  std::vector<BlockBudget> budgets;
  std::vector<int64_t> ranges;  // [S, 2] of all of the case's sequences
  int64_t buckets = 0;
  int64_t wave_bytes = int64_t{192} << 20;
  std::vector<double> totals;   // [sequences of the call, B, HQ columns]; empty: 0

  Observation asked() const {
    return {sinks, capture, error, budgets.data(), static_cast<int64_t>(budgets.size()),
            ranges.data(), buckets, nullptr};
  }
};

// A call, watched or not; `starts` and `past` are the host's.
inline void call(cuda::AttentionParameters* p, const std::vector<int64_t>& starts,
                 const std::vector<int64_t>& past, size_t first_sequence, Watching* watching) {
  if (watching == nullptr) {
    Buffer workspace(workspaceBytes(*p));
    p->workspace = workspace.as<void>();
    require(attention(*p));
    require(cudaDeviceSynchronize(), "attention");
    return;
  }
  cuda::Watched watched = {watching->asked(), starts.data(), past.data(), watching->wave_bytes};
  watched.asked.ranges += 2 * first_sequence;
  watching->totals.resize(
      p->sequences * watching->buckets * p->query_heads * columnsOf(watched.asked, p->mode.kind), 0);
  Buffer totals(watching->totals);
  watched.asked.totals = totals.as<double>();
  Buffer workspace(workspaceBytes(*p, watched));
  p->workspace = workspace.as<void>();
  require(watchedAttention(*p, watched));
  require(cudaDeviceSynchronize(), "watched attention");
  watching->totals = totals.read<double>();
}

// Tokens [from, to) of each sequence in one call.
inline Result run(const Case& c, const World& world, const Pages& pages, size_t first, size_t last,
                  const std::vector<int64_t>& from, const std::vector<int64_t>& to,
                  Watching* watching = nullptr) {
  std::vector<int64_t> starts = {0};
  std::vector<int64_t> past;
  std::vector<int64_t> positions;
  std::vector<int64_t> seeds;
  std::vector<float> q, k, v, gates;
  cuda::AttentionParameters p = {};
  p.least_new_tokens = 1 << 30;
  for (size_t s = first; s < last; s++) {
    const Sequence& sequence = world.fed[s];
    int64_t n = to[s] - from[s];
    auto add = [&](std::vector<float>& all, const std::vector<float>& x, int64_t width) {
      all.insert(all.end(), x.begin() + from[s] * width, x.begin() + to[s] * width);
    };
    add(q, sequence.q, c.query_heads * c.dim);
    add(k, sequence.k, c.kv_heads * c.dim);
    add(v, sequence.v, c.kv_heads * c.dim);
    if (c.gates) {
      add(gates, world.gates[s], c.query_heads * 3);
    }
    for (int64_t t = from[s]; t < to[s]; t++) {
      positions.push_back(t);
    }
    starts.push_back(starts.back() + n);
    past.push_back(from[s]);
    seeds.push_back(seedOf(static_cast<int64_t>(s)));
    p.most_tokens = std::max(p.most_tokens, to[s]);
    p.most_new_tokens = std::max(p.most_new_tokens, n);
    p.least_new_tokens = n == 0 ? p.least_new_tokens : std::min(p.least_new_tokens, n);
  }
  p.tokens = starts.back();
  p.query_heads = c.query_heads;
  p.kv_heads = c.kv_heads;
  p.sequences = static_cast<int64_t>(last - first);
  p.mode = c.mode;
  p.host_starts = starts.data();
  p.host_past = past.data();
  p.draws = {kDrawnLayer, seeds.data()};
  p.decoding = c.decoding;
  pages.fill(&p);
  Buffer q_device(stored(c.element, q)), k_device(stored(c.element, k)),
      v_device(stored(c.element, v)), gates_device(stored(c.element, gates)),
      cos(world.cos), sin(world.sin), position(positions), start(starts), pasts(past);
  p.q = q_device.as<void>();
  p.k = k_device.as<void>();
  p.v = v_device.as<void>();
  p.gates = c.gates ? gates_device.as<void>() : nullptr;
  p.cos = c.rotary ? cos.as<float>() : nullptr;
  p.sin = c.rotary ? sin.as<float>() : nullptr;
  p.positions = position.as<int64_t>();
  p.sequence_starts = start.as<int64_t>();
  p.past_tokens = pasts.as<int64_t>();
  int64_t given = p.tokens;
  std::vector<float> rows;
  if (c.rows) {
    rows = inRows({&q, &k, &v, &gates}, given, &p.row_stride);
    p.tokens += kBehind;
    positions.resize(p.tokens, 0);
  }
  Buffer rows_device(stored(c.element, rows)), row_positions(positions);
  if (c.rows) {
    int64_t width = c.element == Element::kFloat32 ? 4 : 2;
    int64_t keys = c.kv_heads * c.dim * width;
    p.q = rows_device.as<char>();
    p.k = rows_device.as<char>() + c.query_heads * c.dim * width;
    p.v = static_cast<const char*>(p.k) + keys;
    p.gates = c.gates ? static_cast<const char*>(p.v) + keys : nullptr;
    p.raw_gates = true;
    p.positions = row_positions.as<int64_t>();
  }
  Buffer out(p.tokens * c.query_heads * c.dim * (c.element == Element::kFloat32 ? 4 : 2));
  Buffer selected(p.tokens * p.kv_heads * c.mode.block_count * sizeof(int32_t));
  p.out = out.as<void>();
  p.selected = selected.as<int32_t>();
  call(&p, starts, past, first, watching);
  Result result = {out.read<char>(), selected.read<int32_t>()};
  if (c.rows && !cutBehind(c, given, &result)) {
    std::fprintf(stderr, "%s: tokens of no sequence have a result\n", c.name.c_str());
    std::exit(2);
  }
  return result;
}

inline const char* nameOf(Element element) {
  return element == Element::kFloat32 ? "fp32" : element == Element::kFloat16 ? "fp16" : "bf16";
}

}  // namespace ssa::bench

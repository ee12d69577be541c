// ops/pages.cc: where one attention call finds its sequences' pages
#include "ops/pages.h"

#include <cstring>

#include "kernels/pool.h"
#include "ops/operators.h"

namespace ssa {
namespace {

int64_t pagesFor(int64_t tokens) {
  return (tokens + PageLayout::kTokens - 1) / PageLayout::kTokens;
}

ort::Status* outOfMemory(const char* what) {
  return refuse("ssa.Attention: out of memory for %s", what);
}

ort::Status* explain(PoolOutcome outcome, int64_t pool) {
  switch (outcome) {
    case PoolOutcome::kDone:
      return nullptr;
    case PoolOutcome::kOutOfPages:
      return refuse("ssa.Attention: a page number lies outside of pool %lld",
                    static_cast<long long>(pool));
    case PoolOutcome::kOutOfMemory:
      return outOfMemory("the pages of the cache");
    default:
      return refuse("ssa.Attention: there is no pool %lld", static_cast<long long>(pool));
  }
}

}  // namespace

CallPages::~CallPages() {
  release(table_);
  release(memory_);
}

ort::Status* CallPages::resolve(const PageInputs& in, AttentionParameters* p) {
  return in.pool < 0 ? resolveOwn(p) : resolvePool(in, p);
}

ort::Status* CallPages::resolveOwn(AttentionParameters* p) {
  p->layout = {p->kv_heads, p->head_dim, p->mode.kind == ModeKind::kThreeBranch};
  int64_t count = 0;
  for (int64_t s = 0; s < p->sequences; s++) {
    count += pagesFor(p->sequence_starts[s + 1] - p->sequence_starts[s]);
  }
  int64_t bytes = p->layout.layerBytes();
  memory_ = acquire(count * bytes);
  table_ = acquire(sizeof(char*) * (count + p->sequences) + sizeof(int64_t) * p->sequences);
  if (memory_ == nullptr || table_ == nullptr) {
    return outOfMemory("keys and values");
  }
  char** page = static_cast<char**>(table_);
  char*** first = reinterpret_cast<char***>(page + count);
  int64_t* past = reinterpret_cast<int64_t*>(first + p->sequences);
  for (int64_t i = 0; i < count; i++) {
    page[i] = static_cast<char*>(memory_) + i * bytes;
  }
  for (int64_t s = 0; s < p->sequences; s++) {
    first[s] = page;
    past[s] = 0;
    page += pagesFor(p->sequence_starts[s + 1] - p->sequence_starts[s]);
  }
  p->pages = first;
  p->past_tokens = past;
  return nullptr;
}

ort::Status* CallPages::resolvePool(const PageInputs& in, AttentionParameters* p) {
  PoolShape shape = {};
  if (ort::Status* status = explain(shapeOfPool(in.pool, &shape), in.pool)) {
    return status;
  }
  p->layout = {shape.kv_heads, shape.head_dim, shape.value_sums};
  p->tally = tallyOfPool(in.pool);
  if (shape.format != PageFormat::kHost) {
    return refuse("ssa.Attention: the pages of pool %lld are on a device",
                  static_cast<long long>(in.pool));
  }
  if (shape.kv_heads != p->kv_heads || shape.head_dim != p->head_dim || in.layer < 0 ||
      in.layer >= shape.layers) {
    return refuse("ssa.Attention: layer %lld with %lld KV heads of %lld does not fit pool %lld",
                  static_cast<long long>(in.layer), static_cast<long long>(p->kv_heads),
                  static_cast<long long>(p->head_dim), static_cast<long long>(in.pool));
  }
  if (p->mode.kind == ModeKind::kThreeBranch && !shape.value_sums) {
    return refuse("ssa.Attention: pool %lld keeps no sums of values, which the compressed branch "
                  "needs", static_cast<long long>(in.pool));
  }
  if (in.pages->data == nullptr || in.past->data == nullptr || in.copies->data == nullptr ||
      in.pages->rank != 2 || in.pages->shape[0] != p->sequences ||
      in.past->elements() != p->sequences || in.copies->rank != 2 || in.copies->shape[1] != 2) {
    return refuse("ssa.Attention: pages [S, P], past_tokens [S] and copies [C, 2] for %lld sequences",
                  static_cast<long long>(p->sequences));
  }
  int64_t columns = in.pages->shape[1];
  p->past_tokens = static_cast<const int64_t*>(in.past->data);
  table_ = acquire(sizeof(char*) * p->sequences * (columns + 1));
  if (table_ == nullptr) {
    return outOfMemory("the page table");
  }
  if (ort::Status* status = copyPages(in, p->layout)) {
    return status;
  }
  char** page = static_cast<char**>(table_);
  char*** first = reinterpret_cast<char***>(page + p->sequences * columns);
  const int64_t* number = static_cast<const int64_t*>(in.pages->data);
  for (int64_t s = 0; s < p->sequences; s++) {
    int64_t past = p->past_tokens[s];
    int64_t needed = pagesFor(past + p->sequence_starts[s + 1] - p->sequence_starts[s]);
    if (past < 0 || needed > columns) {
      return refuse("ssa.Attention: sequence %lld has %lld past tokens and %lld pages, and needs %lld",
                    static_cast<long long>(s), static_cast<long long>(past),
                    static_cast<long long>(columns), static_cast<long long>(needed));
    }
    first[s] = page + s * columns;
    if (ort::Status* status = explain(
            layerPages(in.pool, in.layer, number + s * columns, needed, first[s]), in.pool)) {
      return status;
    }
  }
  p->pages = first;
  return nullptr;
}

ort::Status* CallPages::copyPages(const PageInputs& in, const PageLayout& layout) {
  const int64_t* pair = static_cast<const int64_t*>(in.copies->data);
  for (int64_t c = 0; c < in.copies->shape[0]; c++) {
    char* page[2];
    if (ort::Status* status =
            explain(layerPages(in.pool, in.layer, pair + 2 * c, 2, page), in.pool)) {
      return status;
    }
    std::memcpy(page[1], page[0], layout.layerBytes());
  }
  return nullptr;
}

}  // namespace ssa

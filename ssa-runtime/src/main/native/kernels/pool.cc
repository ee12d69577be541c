// pool.cc: pages of the key/value cache
#include "kernels/pool.h"

#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace ssa {
namespace {

struct Pool {
  PoolShape shape;
  int64_t page_bytes;
  std::vector<char*> pages;
  int64_t with_memory = 0;
  SelectionTally tally = {};

  ~Pool() {
    for (char* page : pages) {
      release(page);
    }
  }
};

PageLayout layoutOf(const PoolShape& shape) {
  return {shape.kv_heads, shape.head_dim, shape.value_sums};
}

std::mutex& lock() {
  static std::mutex mutex;
  return mutex;
}

// Never destroyed: threads of a session may outlive static objects.
std::map<int64_t, Pool>& pools() {
  static auto* all = new std::map<int64_t, Pool>();
  return *all;
}

}  // namespace

PoolOutcome createPool(int64_t id, const PoolShape& shape) {
  std::lock_guard<std::mutex> guard(lock());
  if (pools().count(id) != 0) {
    return PoolOutcome::kExists;
  }
  try {
    Pool& pool = pools()[id];
    pool.shape = shape;
    pool.page_bytes = shape.layers * layoutOf(shape).layerBytes();
    pool.pages.assign(shape.most_pages, nullptr);
  } catch (const std::bad_alloc&) {
    pools().erase(id);
    return PoolOutcome::kOutOfMemory;
  }
  return PoolOutcome::kDone;
}

PoolOutcome destroyPool(int64_t id) {
  std::lock_guard<std::mutex> guard(lock());
  return pools().erase(id) == 1 ? PoolOutcome::kDone : PoolOutcome::kUnknown;
}

PoolOutcome reportPool(int64_t id, PoolReport* out) {
  std::lock_guard<std::mutex> guard(lock());
  auto found = pools().find(id);
  if (found == pools().end()) {
    return PoolOutcome::kUnknown;
  }
  const Pool& pool = found->second;
  *out = {pool.with_memory, pool.with_memory * pool.page_bytes, pool.shape.most_pages, pool.tally};
  return PoolOutcome::kDone;
}

PoolOutcome shapeOfPool(int64_t id, PoolShape* out) {
  std::lock_guard<std::mutex> guard(lock());
  auto found = pools().find(id);
  if (found == pools().end()) {
    return PoolOutcome::kUnknown;
  }
  *out = found->second.shape;
  return PoolOutcome::kDone;
}

SelectionTally* tallyOfPool(int64_t id) {
  std::lock_guard<std::mutex> guard(lock());
  auto found = pools().find(id);
  return found == pools().end() ? nullptr : &found->second.tally;
}

PoolOutcome layerPages(int64_t id, int64_t layer, const int64_t* pages, int64_t count,
                       char** out) {
  std::lock_guard<std::mutex> guard(lock());
  auto found = pools().find(id);
  if (found == pools().end()) {
    return PoolOutcome::kUnknown;
  }
  Pool& pool = found->second;
  int64_t layer_bytes = layoutOf(pool.shape).layerBytes();
  for (int64_t i = 0; i < count; i++) {
    if (pages[i] < 0 || pages[i] >= pool.shape.most_pages) {
      return PoolOutcome::kOutOfPages;
    }
    char*& memory = pool.pages[pages[i]];
    if (memory == nullptr) {
      memory = static_cast<char*>(acquire(pool.page_bytes));
      if (memory == nullptr) {
        return PoolOutcome::kOutOfMemory;
      }
      pool.with_memory++;
    }
    out[i] = memory + layer * layer_bytes;
  }
  return PoolOutcome::kDone;
}

}  // namespace ssa

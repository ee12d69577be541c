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
  std::vector<char*> slabs;  // nullptr: without memory yet
  int64_t with_memory = 0;   // pages
  SelectionTally tally = {};

  ~Pool() {
    for (char* slab : slabs) {
      if (slab != nullptr) {
        shape.memory.release(slab);
      }
    }
  }
};

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
    int64_t slab = shape.slabPages();
    pool.slabs.assign((shape.most_pages + slab - 1) / slab, nullptr);
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
  *out = {pool.with_memory, pool.with_memory * pool.shape.pageBytes(), pool.shape.most_pages,
          pool.tally};
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
  int64_t slab_pages = pool.shape.slabPages();
  int64_t page_bytes = pool.shape.pageBytes();
  for (int64_t i = 0; i < count; i++) {
    if (pages[i] < 0 || pages[i] >= pool.shape.most_pages) {
      return PoolOutcome::kOutOfPages;
    }
    char*& slab = pool.slabs[pages[i] / slab_pages];
    if (slab == nullptr) {
      slab = static_cast<char*>(pool.shape.memory.acquire(slab_pages * page_bytes));
      if (slab == nullptr) {
        return PoolOutcome::kOutOfMemory;
      }
      pool.with_memory += slab_pages;
    }
    out[i] = slab + pages[i] % slab_pages * page_bytes + layer * pool.shape.layer_bytes;
  }
  return PoolOutcome::kDone;
}

}  // namespace ssa

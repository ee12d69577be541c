// pool.h: pages of the key/value cache, owned by the library, addressed by number
//
// A page holds 128 tokens of every layer (PageLayout, layer after layer). Who uses which page for
// what is the caller's business: pools know numbers and memory only. A page gets its memory when it
// or another of its slab is first written, and keeps it until the pool goes.
#pragma once

#include "kernels/parameters.h"

namespace ssa {

// What the pages hold, and where their memory is.
enum class PageFormat : int64_t { kHost = 0, kCudaFloat32 = 1, kCudaFloat16 = 2, kCudaBFloat16 = 3 };

// Memory is taken for several pages at a time where taking it is slow or comes in large pieces.
struct PageMemory {
  void* (*acquire)(size_t bytes);
  void (*release)(void* memory);
  int64_t slab_bytes;
};

struct PoolShape {
  int64_t layers;
  int64_t kv_heads;
  int64_t head_dim;
  bool value_sums;
  int64_t most_pages;
  PageFormat format;
  int64_t layer_bytes;  // of a page
  PageMemory memory;

  int64_t pageBytes() const { return layers * layer_bytes; }
  int64_t slabPages() const {
    int64_t pages = memory.slab_bytes / pageBytes();
    return pages < 1 ? 1 : pages < most_pages ? pages : most_pages;
  }
};

struct PoolReport {
  int64_t pages_with_memory;
  int64_t bytes;
  int64_t most_pages;
  SelectionTally tally;  // of all calls on the pool's pages
};

enum class PoolOutcome { kDone, kUnknown, kExists, kOutOfMemory, kOutOfPages };

PoolOutcome createPool(int64_t id, const PoolShape& shape);
PoolOutcome destroyPool(int64_t id);
PoolOutcome reportPool(int64_t id, PoolReport* out);
PoolOutcome shapeOfPool(int64_t id, PoolShape* out);

// Where calls on the pool's pages count their selections; nullptr if there is no such pool.
SelectionTally* tallyOfPool(int64_t id);

// Pointers to one layer's part of `count` pages; pages get memory where they have none.
PoolOutcome layerPages(int64_t id, int64_t layer, const int64_t* pages, int64_t count, char** out);

}  // namespace ssa

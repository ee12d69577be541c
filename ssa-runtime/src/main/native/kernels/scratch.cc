// scratch.cc: aligned memory, per call and per thread
//
// Kept out of the files that are compiled for one instruction set: the linker merges inline library
// code across files, and must never pick a copy that a plain machine cannot run.
#include <cstdlib>
#include <mutex>

#include "kernels/parameters.h"

namespace ssa {
namespace {

constexpr size_t kAlignment = 64;

struct ThreadMemory {
  void* memory = nullptr;
  size_t bytes = 0;
  ~ThreadMemory() { release(memory); }
};

thread_local ThreadMemory thread_memory;

// Memory that was given back and waits for the next call. The C library returns blocks of more than
// 128 kB to the system, and getting them again costs a page fault per 4 kB: more than a decoding
// step computes. Each block is led by its size, in a line of its own.
struct Kept {
  static constexpr int kSlots = 16;
  static constexpr size_t kMostBytes = size_t{64} << 20;

  std::mutex mutex;
  char* slot[kSlots] = {};
  size_t bytes = 0;
};

// Never destroyed: threads of a session may outlive static objects.
Kept& kept() {
  static Kept* all = new Kept();
  return *all;
}

size_t sizeOf(const char* start) { return *reinterpret_cast<const size_t*>(start); }

// The smallest block that is large enough, unless it is much too large.
void* takeKept(size_t bytes) {
  Kept& all = kept();
  std::lock_guard<std::mutex> guard(all.mutex);
  char** best = nullptr;
  for (char*& block : all.slot) {
    bool fits = block != nullptr && sizeOf(block) >= bytes && sizeOf(block) / 4 <= bytes;
    if (fits && (best == nullptr || sizeOf(block) < sizeOf(*best))) {
      best = &block;
    }
  }
  if (best == nullptr) {
    return nullptr;
  }
  char* start = *best;
  *best = nullptr;
  all.bytes -= sizeOf(start);
  return start + kAlignment;
}

bool keep(char* start) {
  Kept& all = kept();
  std::lock_guard<std::mutex> guard(all.mutex);
  if (all.bytes + sizeOf(start) > Kept::kMostBytes) {
    return false;
  }
  for (char*& block : all.slot) {
    if (block == nullptr) {
      block = start;
      all.bytes += sizeOf(start);
      return true;
    }
  }
  return false;
}

}  // namespace

void* acquire(size_t bytes) {
  size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  if (void* kept = takeKept(rounded)) {
    return kept;
  }
  char* memory = static_cast<char*>(std::aligned_alloc(kAlignment, rounded + kAlignment));
  if (memory == nullptr) {
    return nullptr;
  }
  *reinterpret_cast<size_t*>(memory) = rounded;
  return memory + kAlignment;
}

void release(void* memory) {
  if (memory == nullptr) {
    return;
  }
  char* start = static_cast<char*>(memory) - kAlignment;
  if (!keep(start)) {
    std::free(start);
  }
}

void* threadScratch(size_t bytes) {
  ThreadMemory& mine = thread_memory;
  if (mine.bytes < bytes) {
    release(mine.memory);
    mine.memory = acquire(bytes);
    mine.bytes = mine.memory == nullptr ? 0 : bytes;
  }
  return mine.memory;
}

}  // namespace ssa

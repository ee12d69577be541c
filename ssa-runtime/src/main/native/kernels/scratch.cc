// scratch.cc: aligned memory, per call and per thread
//
// Kept out of the files that are compiled for one instruction set: the linker merges inline library
// code across files, and must never pick a copy that a plain machine cannot run.
#include <cstdlib>

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

}  // namespace

void* acquire(size_t bytes) {
  size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  return std::aligned_alloc(kAlignment, rounded == 0 ? kAlignment : rounded);
}

void release(void* memory) { std::free(memory); }

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

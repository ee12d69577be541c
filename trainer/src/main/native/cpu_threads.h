// cpu_threads.h: runs a kernel's items on threads of one call
#pragma once

#include "kernels/parameters.h"

namespace ssa {

// Mutable: how many threads a call may use. Items are taken in order, by whichever thread is free.
class CpuThreads {
 public:
  explicit CpuThreads(int threads) : threads_(threads) {}
  Parallel parallel() { return {run, this}; }

 private:
  static void run(void* self, void (*item)(void*, size_t), size_t n, void* data);

  int threads_;
};

}  // namespace ssa

// cpu_threads.cc: threads for one step of a call; the calling thread is one of them
#include "cpu_threads.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace ssa {

void CpuThreads::run(void* self, void (*item)(void*, size_t), size_t n, void* data) {
  size_t threads = std::min<size_t>(static_cast<CpuThreads*>(self)->threads_, n);
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i = next++; i < n; i = next++) {
      item(data, i);
    }
  };
  std::vector<std::thread> others;
  try {
    for (size_t i = 1; i < threads; i++) {
      others.emplace_back(work);
    }
  } catch (const std::system_error&) {
    // The system grants no more threads: those that there are do the work.
  }
  work();
  for (std::thread& other : others) {
    other.join();
  }
}

}  // namespace ssa

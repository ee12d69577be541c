// select_isa.cc: which of the compiled kernels this machine can run
#include <cstring>

#include "kernels/cpu/isa.h"
#include "kernels/parameters.h"

namespace ssa {

const Kernels* selectKernels(const char* isa) {
  bool any = std::strcmp(isa, "auto") == 0;
#ifdef SSA_X86
  if ((any || std::strcmp(isa, "avx512") == 0) && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw")) {
    return &avx512::kernels;
  }
  if ((any || std::strcmp(isa, "avx2") == 0) && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("fma")) {
    return &avx2::kernels;
  }
#endif
  if (any || std::strcmp(isa, "scalar") == 0) {
    return &portable::kernels;
  }
  return nullptr;
}

}  // namespace ssa

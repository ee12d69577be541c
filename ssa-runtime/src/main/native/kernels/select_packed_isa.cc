// select_packed_isa.cc: which of the compiled kernels of training this machine can run
#include <cstring>

#include "kernels/cpu/packed_isa.h"
#include "kernels/packed.h"

namespace ssa {

const PackedKernels* selectPackedKernels(const char* isa) {
  bool any = std::strcmp(isa, "auto") == 0;
#ifdef SSA_X86
  if ((any || std::strcmp(isa, "avx512") == 0) && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw")) {
    return &avx512::packed_kernels;
  }
  if ((any || std::strcmp(isa, "avx2") == 0) && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("fma")) {
    return &avx2::packed_kernels;
  }
#endif
  if (any || std::strcmp(isa, "scalar") == 0) {
    return &portable::packed_kernels;
  }
  return nullptr;
}

}  // namespace ssa

// isa.h: one table of kernels per instruction set
#pragma once

#include "kernels/parameters.h"

namespace ssa {
namespace portable {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}
}  // namespace ssa

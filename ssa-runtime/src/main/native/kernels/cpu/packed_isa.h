// packed_isa.h: one table of the kernels of training per instruction set
#pragma once

#include "kernels/packed.h"

namespace ssa {
namespace portable {
extern const PackedKernels packed_kernels;
}
namespace avx2 {
extern const PackedKernels packed_kernels;
}
namespace avx512 {
extern const PackedKernels packed_kernels;
}
}  // namespace ssa

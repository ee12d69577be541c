// packed_isa_avx512.cc: the kernels of training with vectors of 64 bytes
#define SSA_ISA avx512
#define SSA_VECTOR_BYTES 64
#include "kernels/cpu/packed_kernels.h"

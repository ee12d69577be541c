// packed_isa_avx2.cc: the kernels of training with vectors of 32 bytes
#define SSA_ISA avx2
#define SSA_VECTOR_BYTES 32
#include "kernels/cpu/packed_kernels.h"

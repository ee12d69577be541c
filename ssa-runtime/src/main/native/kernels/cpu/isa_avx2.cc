// isa_avx2.cc: the kernels with vectors of 32 bytes
#define SSA_ISA avx2
#define SSA_VECTOR_BYTES 32
#include "kernels/cpu/kernels.h"

// packed_isa_portable.cc: the kernels of training with vectors of 16 bytes, which every 64-bit machine has
#define SSA_ISA portable
#define SSA_VECTOR_BYTES 16
#include "kernels/cpu/packed_kernels.h"

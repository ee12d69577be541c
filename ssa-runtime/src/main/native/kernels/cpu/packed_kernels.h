// packed_kernels.h: every kernel of training, compiled once per instruction set
//
// The including file sets SSA_ISA (a namespace) and SSA_VECTOR_BYTES. Nothing below may use the
// standard library's templates: their code would be merged across instruction sets.
#include "kernels/cpu/packed_isa.h"
//
#include "kernels/cpu/vector.h"
//
#include "kernels/cpu/multiply.h"
//
#include "kernels/cpu/multiply_transposed.h"
//
#include "kernels/cpu/rotate.h"
//
#include "kernels/cpu/append.h"
//
#include "kernels/cpu/attend.h"
//
#include "kernels/cpu/packed_call.h"
//
#include "kernels/cpu/packed_means.h"
//
#include "kernels/cpu/packed_selection.h"
//
#include "kernels/cpu/packed_forward.h"
//
#include "kernels/cpu/score_gradient.h"
//
#include "kernels/cpu/key_readers.h"
//
#include "kernels/cpu/packed_backward.h"

namespace ssa::SSA_ISA {

#define SSA_TEXT(x) #x
#define SSA_NAME(x) SSA_TEXT(x)
const PackedKernels packed_kernels = {SSA_NAME(SSA_ISA), packedForward, packedBackward};

}  // namespace ssa::SSA_ISA

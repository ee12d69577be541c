// kernels.h: every kernel, compiled once per instruction set
//
// The including file sets SSA_ISA (a namespace) and SSA_VECTOR_BYTES. Nothing below may use the
// standard library's templates: their code would be merged across instruction sets.
#include "kernels/cpu/isa.h"
//
#include "kernels/cpu/vector.h"
//
#include "kernels/cpu/multiply.h"
//
#include "kernels/cpu/rotate.h"
//
#include "kernels/cpu/append.h"
//
#include "kernels/cpu/block_mean.h"
//
#include "kernels/cpu/block_importance.h"
//
#include "kernels/cpu/block_topk.h"
//
#include "kernels/cpu/attend.h"
//
#include "kernels/cpu/call.h"
//
#include "kernels/cpu/block_estimate.h"
//
#include "kernels/cpu/select_blocks.h"
//
#include "kernels/cpu/select_unseen.h"
//
#include "kernels/cpu/attention.h"
//
#include "kernels/cpu/asked.h"
//
#include "kernels/cpu/observe.h"
//
#include "kernels/cpu/select_best.h"
//
#include "kernels/cpu/capture.h"
//
#include "kernels/cpu/observed_call.h"
//
#include "kernels/cpu/observed_attention.h"
//
#include "kernels/cpu/token_log_prob.h"
//
#include "kernels/cpu/token_divergence.h"

namespace ssa::SSA_ISA {

#define SSA_TEXT(x) #x
#define SSA_NAME(x) SSA_TEXT(x)
const Kernels kernels = {SSA_NAME(SSA_ISA), attention, tokenLogProb, tokenDivergence};

}  // namespace ssa::SSA_ISA

// asked.h: what an attention call tells beside its answer, once that is there
//
// Statistics are made in the pass that answers (observed_attention.h).
#pragma once

#include "kernels/cpu/span_mass.h"

namespace ssa::SSA_ISA {

inline void tellAsked(Call& call, const Parallel& parallel) {
  if (call.p->asked.spans.masses != nullptr) {
    measureSpans(call, parallel);
  }
}

}  // namespace ssa::SSA_ISA

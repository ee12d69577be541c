// asked.h: the list of what an attention call may be asked for beside its answer
//
// A member each; {} where it is not asked for. ops/asked.h lists who fills them in from an operator's
// inputs, kernels/cpu/asked.h who answers.
#pragma once

#include "kernels/observation.h"
#include "kernels/spans.h"

namespace ssa {

struct Asked {
  Observation statistics;  // its totals are nullptr where none are asked for
  BlockBudget budgets[kMostBudgets];  // the statistics', where an operator was asked
  SpanMasses spans;        // its masses are nullptr where none are asked for
  ForcedBlocks forced;     // none in full mode
};

}  // namespace ssa

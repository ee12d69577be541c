// ops/observation.h: the attention statistics that a call is asked for, from its inputs
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

// What an attention node hands over.
struct ObservationInputs {
  int64_t layer;
  const ort::Tensor* asked;   // [1 + 2 N] groups (1 sinks, 2 capture, 4 error), then N budgets S, K;
                              // [0]: nothing is asked, and nothing of the others is read
  const ort::Tensor* ranges;  // [S, 2] first query and the one behind the last; equal: none
  const ort::Tensor* totals;  // [L, S, B, HQ columns] fp64: what earlier calls made
};

// One call's observation; owns nothing but its budgets.
class CallObservation {
 public:
  static constexpr int64_t kMostBudgets = 16;

  // Checks the inputs, makes the output [S, B, HQ columns] with the layer's totals in it, and fills in
  // p->observation. Nothing where the inputs are absent; an empty output where nothing is asked. Needs
  // p->past_tokens.
  ort::Status* resolve(const ObservationInputs& in, ort::KernelContext* context, size_t output,
                       AttentionParameters* p);

 private:
  ort::Status* readAsked(const ort::Tensor& asked, const AttentionParameters& p);
  ort::Status* checkRanges(const ort::Tensor& ranges, const AttentionParameters& p) const;

  Observation observation_ = {};
  BlockBudget budgets_[kMostBudgets];
};

}  // namespace ssa

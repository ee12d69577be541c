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

// The call that they are about, as the host knows it.
struct ObservedCallFacts {
  const char* op;
  Mode mode;
  int64_t query_heads;
  int64_t sequences;
  const int64_t* sequence_starts;  // [S + 1]
  const int64_t* past_tokens;      // [S]; nullptr: none
};

// One call's observation; owns nothing but its budgets.
class CallObservation {
 public:
  static constexpr int64_t kMostBudgets = 16;

  // Copies a layer's totals to the output, wherever both lie.
  using Copy = ort::Status* (*)(const void* from, void* to, size_t bytes, void* stream);

  // Checks the inputs and makes the output [S, B, HQ columns] with the layer's totals in it. Nothing
  // where the inputs are absent; an empty output where nothing is asked.
  ort::Status* resolve(const ObservationInputs& in, const ObservedCallFacts& call,
                       ort::KernelContext* context, size_t output, Copy copy, void* stream);

  // What is asked; nullptr: nothing.
  const Observation* asked() const { return asked_ ? &observation_ : nullptr; }

 private:
  ort::Status* readAsked(const ort::Tensor& asked, const ObservedCallFacts& call);
  ort::Status* checkRanges(const ort::Tensor& ranges, const ObservedCallFacts& call) const;

  bool asked_ = false;
  Observation observation_ = {};
  BlockBudget budgets_[kMostBudgets];
};

}  // namespace ssa

// ops/spans.h: the stretches whose mass a call tells and the blocks that it has to take, from its inputs
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

// What an attention node hands over; of no elements where nothing is asked.
struct SpanInputs {
  const ort::Tensor* queries;  // [S, 2] first query and the one behind the last; equal: none
  const ort::Tensor* spans;    // [N, 3] sequence, first key, the one behind the last
  const ort::Tensor* forced;   // [F, 3] sequence, block, first query
};

// One call's stretches and forced blocks; owns nothing.
class CallSpans {
 public:
  // Checks the inputs, makes the output [R, HQ, 2], and fills in p->spans and p->forced. Nothing where
  // the inputs are absent; an empty output where nothing is asked. Needs p->past_tokens.
  ort::Status* resolve(const SpanInputs& in, ort::KernelContext* context, size_t output,
                       AttentionParameters* p);

 private:
  ort::Status* checkSpans(const SpanInputs& in, const AttentionParameters& p);
  int64_t rowsOf(const AttentionParameters& p) const;

  SpanMasses masses_ = {};
};

}  // namespace ssa

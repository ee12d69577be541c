// ops/asked.cc: reads what an attention node is asked for, entry by entry
#include "ops/asked.h"

#include <algorithm>

#include "ops/operators.h"

namespace ssa {

ort::Status* AskedList::read(const ort::Tensor* in, const AskedCall& call, size_t first_output,
                             Asked* asked) const {
  size_t output = first_output;
  for (const Ask& ask : kAsks) {
    if (!takes(ask)) {
      continue;
    }
    int64_t missing = std::count_if(in, in + ask.inputs, absent);
    if (missing > 0 && missing < static_cast<int64_t>(ask.inputs)) {
      return refuse("%s: %s come together", call.op, ask.named);
    }
    if (missing == 0) {
      if (ort::Status* status = ask.read(in, call, output, asked)) {
        return status;
      }
    }
    in += ask.inputs;
    output += ask.output ? 1 : 0;
  }
  return nullptr;
}

}  // namespace ssa

// ops/residual_range.h: what ssa.ResidualRange checks, whatever provider it runs on
#pragma once

#include "ops/operators.h"

namespace ssa {

// Inputs of ssa.ResidualRange, as residual_range.cc lists them.
struct ResidualInputs {
  static constexpr size_t kCount = 5;
  int64_t layer;
  ort::Tensor in[kCount];

  const ort::Tensor& hidden() const { return in[0]; }
  const int64_t* starts() const { return static_cast<const int64_t*>(in[1].data); }
  const int64_t* past() const { return static_cast<const int64_t*>(in[2].data); }
  const int64_t* ranges() const { return static_cast<const int64_t*>(in[3].data); }
  const ort::Tensor& totals() const { return in[4]; }

  int64_t sequences() const { return in[1].elements() - 1; }
  int64_t buckets() const { return in[4].shape[2]; }
  bool nothingAsked() const { return in[3].elements() == 0; }

  ort::Status* read(ort::KernelContext* context);
  // Shapes that do not fit each other, a layer that the totals lack, a token behind the buckets.
  ort::Status* check() const;
};

// The tokens of one sequence that are in its range.
struct ResidualSpan {
  int64_t first_row;
  int64_t first_position;
  int64_t count;
};

ResidualSpan residualSpan(const ResidualInputs& in, int64_t s);

}  // namespace ssa

// ops/cuda/residual_range.cc: ssa.ResidualRange on a CUDA device, its shapes, types and checks
//
// inputs, outputs, attributes  as ops/residual_range.cc; sequence_starts, past_tokens and ranges on the host
#include <new>

#include "ops/cuda/call.h"
#include "ops/residual_range.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.ResidualRange";
constexpr InputKind kKinds[ResidualInputs::kCount] = {{ort::kFloat},
                                                      {ort::kInt64, ort::kHostInput},
                                                      {ort::kInt64, ort::kHostInput},
                                                      {ort::kInt64, ort::kHostInput},
                                                      {ort::kDouble}};

struct ResidualKernel {
  int64_t layer;
};

ort::Status* compute(void* self, ort::KernelContext* context) {
  ResidualInputs in = {static_cast<ResidualKernel*>(self)->layer, {}};
  if (ort::Status* status = in.read(context)) {
    return status;
  }
  if (in.nothingAsked()) {
    const int64_t nothing[] = {0, 0, 2};
    void* none = nullptr;
    return ort::output(context, 0, nothing, 3, &none);
  }
  if (ort::Status* status = in.check()) {
    return status;
  }
  const int64_t shape[] = {in.sequences(), in.buckets(), 2};
  int64_t count = shape[0] * shape[1] * shape[2];
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, 0, shape, 3, &out)) {
    return status;
  }
  cuda::ResidualRangeParameters p = {in.hidden().shape[0],
                                     in.hidden().shape[1],
                                     shape[0],
                                     static_cast<const float*>(in.hidden().data),
                                     in.starts(),
                                     in.past(),
                                     in.ranges(),
                                     shape[1],
                                     static_cast<double*>(out),
                                     nullptr,
                                     nullptr};
  if (ort::Status* status = ort::cudaStream(context, &p.stream)) {
    return status;
  }
  const double* before = static_cast<const double*>(in.totals().data) + in.layer * count;
  cuda::Report report = cuda::copyDevice(before, out, sizeof(double) * count, p.stream);
  if (!report.done) {
    return toStatus(kName, report);
  }
  Workspace workspace;
  if (ort::Status* status = workspace.take(kName, context, workspaceBytes(p))) {
    return status;
  }
  p.workspace = workspace.memory();
  return toStatus(kName, cuda::residualRange(p));
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  ResidualKernel made = {};
  if (ort::Status* status = ort::attribute(info, "layer", &made.layer)) {
    return status;
  }
  *out = new (std::nothrow) ResidualKernel(made);
  return *out == nullptr ? refuse("%s: out of memory", kName) : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "ResidualRange"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return ResidualInputs::kCount; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(kKinds[i].type); };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(kKinds[i].memory);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kDouble); };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<ResidualKernel*>(kernel); };
  return op;
}

}  // namespace

const ort::CustomOp kCudaResidualRangeOp = describe();

}  // namespace ssa

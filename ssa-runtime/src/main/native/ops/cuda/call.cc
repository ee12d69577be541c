// ops/cuda/call.cc: types, statuses and memory of the CUDA provider's operators
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr size_t kLeastWorkspace = size_t{1} << 20;

double mebibytes(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

}  // namespace

ort::Status* elementOf(const char* op, const ort::Tensor& tensor, cuda::Element* out) {
  switch (tensor.type) {
    case ort::kFloat:
      *out = cuda::Element::kFloat32;
      return nullptr;
    case ort::kFloat16:
      *out = cuda::Element::kFloat16;
      return nullptr;
    case ort::kBFloat16:
      *out = cuda::Element::kBFloat16;
      return nullptr;
    default:
      return refuse("%s: element type %d; float, float16 or bfloat16", op, tensor.type);
  }
}

ort::Status* checkType(const char* op, size_t index, const ort::Tensor& tensor,
                       ort::ElementType type) {
  bool right = type == ort::kAnyType || tensor.data == nullptr || tensor.type == type;
  return right ? nullptr : refuse("%s: input %zu has element type %d", op, index, tensor.type);
}

ort::Status* toStatus(const char* op, const cuda::Report& report) {
  return report.done ? nullptr : refuse("%s: %s", op, report.why);
}

ort::Status* outOfDeviceMemory(const char* op, const char* what, int64_t bytes) {
  cuda::Device device;
  cuda::describeDevice(&device);
  return refuse("%s: out of device memory: %.1f MiB more are needed for %s, %.1f of %.1f MiB are free",
                op, mebibytes(bytes), what, mebibytes(device.free_bytes),
                mebibytes(device.total_bytes));
}

Workspace::~Workspace() {
  if (allocator_ != nullptr) {
    ort::releaseCuda(allocator_, memory_);
  }
}

ort::Status* Workspace::take(const char* op, ort::KernelContext* context, size_t bytes) {
  if (bytes == 0) {
    return nullptr;
  }
  // A sequence that is read in chunks asks for a little more each time. The provider gives a region
  // that was asked for once to later calls of up to its size only: few sizes, few regions, four from
  // one power of two to the next.
  size_t step = kLeastWorkspace;
  while (8 * step <= bytes) {
    step *= 2;
  }
  size_t rounded = (bytes + step - 1) / step * step;
  ort::Status* status = ort::acquireCuda(context, rounded, &allocator_, &memory_);
  if (status == nullptr) {
    return nullptr;
  }
  ort::releaseStatus(status);
  status = ort::acquireCuda(context, bytes, &allocator_, &memory_);
  if (status == nullptr) {
    return nullptr;
  }
  ort::releaseStatus(status);
  return outOfDeviceMemory(op, "intermediate results", static_cast<int64_t>(bytes));
}

}  // namespace ssa

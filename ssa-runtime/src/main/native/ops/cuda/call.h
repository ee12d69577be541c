// ops/cuda/call.h: what the operators of the CUDA provider share
#pragma once

#include <initializer_list>

#include "kernels/cuda/cuda.h"
#include "ops/operators.h"

namespace ssa {

// An input's type in the table of an operator, and where the operator wants it.
struct InputKind {
  ort::ElementType type;
  ort::MemoryType memory = ort::kDefaultMemory;
  ort::Characteristic characteristic = ort::kRequired;
};

// The element that a tensor's type stands for.
ort::Status* elementOf(const char* op, const ort::Tensor& tensor, cuda::Element* out);

// A status if the tensor is there and not of this type; any type of element passes as kAnyType.
ort::Status* checkType(const char* op, size_t index, const ort::Tensor& tensor,
                       ort::ElementType type);

// A failed report as a status that names the operator.
ort::Status* toStatus(const char* op, const cuda::Report& report);

// A status that says how much an operator wanted of the device's memory, and how much there is.
ort::Status* outOfDeviceMemory(const char* op, const char* what, int64_t bytes);

// Device memory of one call, from the provider.
class Workspace {
 public:
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();

  ort::Status* take(const char* op, ort::KernelContext* context, size_t bytes);
  char* memory() const { return static_cast<char*>(memory_); }

 private:
  ort::Allocator* allocator_ = nullptr;
  void* memory_ = nullptr;
};

// The part of an operator's table that all of them have in common.
inline ort::CustomOp cudaOp() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetExecutionProviderType = [](const ort::CustomOp*) { return "CUDAExecutionProvider"; };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kDefaultMemory);
  };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace ssa

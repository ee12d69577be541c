// register.cc: the table of operators, and what they share
#include <cstdarg>
#include <cstdio>
#include <initializer_list>

#include "ops/operators.h"

namespace ssa {

ort::Status* refuse(const char* format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return ort::fail(ort::kInvalidArgument, message);
}

ort::Status* kernelsOf(const ort::KernelInfo* info, const Kernels** out) {
  char isa[16] = "";
  if (ort::Status* status = ort::attribute(info, "isa", isa, sizeof isa)) {
    return status;
  }
  *out = selectKernels(isa);
  if (*out == nullptr) {
    return refuse("ssa: this processor has no instruction set '%s'", isa);
  }
  return nullptr;
}

Parallel sessionThreads(ort::KernelContext* context) {
  Parallel parallel;
  parallel.self = context;
  // A pool that cannot take the work is not fatal: the calling thread does it.
  parallel.run = [](void* self, void (*item)(void*, size_t), size_t n, void* data) {
    if (ort::parallelFor(static_cast<ort::KernelContext*>(self), item, n, data) != nullptr) {
      for (size_t i = 0; i < n; i++) {
        item(data, i);
      }
    }
  };
  return parallel;
}

}  // namespace ssa

extern "C" __attribute__((visibility("default"))) ssa::ort::Status* RegisterCustomOps(
    ssa::ort::SessionOptions* options, const ssa::ort::ApiBase* base) {
  namespace ort = ssa::ort;
  if (const char* lack = ort::bind(base)) {
    std::fprintf(stderr, "ssa operators: %s\n", lack);
    return base->GetApi(1) == nullptr
               ? nullptr
               : reinterpret_cast<ort::Status* (*)(int, const char*)>(base->GetApi(1)->slot[0])(
                     ort::kFail, lack);
  }
  // Sessions keep pointing at the domain, so it lives as long as the process.
  static ort::CustomOpDomain* domain = nullptr;
  if (domain == nullptr) {
    ort::CustomOpDomain* made = nullptr;
    if (ort::Status* status = ort::createDomain("ssa", &made)) {
      return status;
    }
    for (const ort::CustomOp* op : {
             &ssa::kAttentionOp, &ssa::kPoolOp, &ssa::kTokenLogProbOp, &ssa::kTokenDivergenceOp,
             &ssa::kResidualRangeOp,
#ifdef SSA_CUDA
             &ssa::kPageTableOp, &ssa::kPackedAttentionOp, &ssa::kCudaTokenLogProbOp,
             &ssa::kCudaTokenDivergenceOp, &ssa::kCudaResidualRangeOp, &ssa::kAddRmsNormOp, &ssa::kSwiGluOp,
#endif
         }) {
      if (ort::Status* status = ort::addToDomain(made, op)) {
        return status;
      }
    }
    domain = made;
  }
  return ort::addDomain(options, domain);
}

// ort.cc: calls into ONNX Runtime's table of functions, by slot
#include "abi/ort.h"

namespace ssa::ort {
namespace {

enum Slot : size_t {
  kCreateStatus = 0,
  kCreateCustomOpDomain = 26,
  kCustomOpDomainAdd = 27,
  kAddCustomOpDomain = 28,
  kGetTensorMutableData = 51,
  kGetTensorElementType = 60,
  kGetDimensionsCount = 61,
  kGetDimensions = 62,
  kGetTensorTypeAndShape = 65,
  kCreateMemoryInfo = 68,
  kAllocatorAlloc = 75,
  kAllocatorFree = 76,
  kKernelInfoGetAttributeFloat = 85,
  kKernelInfoGetAttributeInt64 = 86,
  kKernelInfoGetAttributeString = 87,
  kKernelContextGetInputCount = 88,
  kKernelContextGetInput = 90,
  kKernelContextGetOutput = 91,
  kReleaseStatus = 93,
  kReleaseTensorTypeAndShapeInfo = 99,
  kReleaseAllocator = 132,
  kKernelContextGetGpuComputeStream = 193,
  kKernelContextGetAllocator = 253,
  kKernelContextParallelFor = 274,
};

const Slot kUsed[] = {kCreateStatus,
                      kCreateCustomOpDomain,
                      kCustomOpDomainAdd,
                      kAddCustomOpDomain,
                      kGetTensorMutableData,
                      kGetTensorElementType,
                      kGetDimensionsCount,
                      kGetDimensions,
                      kGetTensorTypeAndShape,
                      kCreateMemoryInfo,
                      kAllocatorAlloc,
                      kAllocatorFree,
                      kKernelInfoGetAttributeFloat,
                      kKernelInfoGetAttributeInt64,
                      kKernelInfoGetAttributeString,
                      kKernelContextGetInputCount,
                      kKernelContextGetInput,
                      kKernelContextGetOutput,
                      kReleaseStatus,
                      kReleaseTensorTypeAndShapeInfo,
                      kReleaseAllocator,
                      kKernelContextGetGpuComputeStream,
                      kKernelContextGetAllocator,
                      kKernelContextParallelFor};

const Api* api = nullptr;

template <typename Result, typename... Arguments>
Result call(Slot slot, Arguments... arguments) {
  using Function = Result (*)(Arguments...);
  return reinterpret_cast<Function>(api->slot[slot])(arguments...);
}

}  // namespace

const char* bind(const ApiBase* base) {
  const Api* table = base->GetApi(kApiVersion);
  if (table == nullptr) {
    return "this ONNX Runtime is older than API version 18";
  }
  for (Slot slot : kUsed) {
    if (table->slot[slot] == nullptr) {
      return "this ONNX Runtime lacks a function that the operators need";
    }
  }
  api = table;
  return nullptr;
}

Status* fail(ErrorCode code, const char* message) {
  return call<Status*>(kCreateStatus, static_cast<int>(code), message);
}

void releaseStatus(Status* status) { call<void>(kReleaseStatus, status); }

Status* createDomain(const char* name, CustomOpDomain** out) {
  return call<Status*>(kCreateCustomOpDomain, name, out);
}

Status* addToDomain(CustomOpDomain* domain, const CustomOp* op) {
  return call<Status*>(kCustomOpDomainAdd, domain, op);
}

Status* addDomain(SessionOptions* options, CustomOpDomain* domain) {
  return call<Status*>(kAddCustomOpDomain, options, domain);
}

Status* attribute(const KernelInfo* info, const char* name, int64_t* out) {
  return call<Status*>(kKernelInfoGetAttributeInt64, info, name, out);
}

Status* attribute(const KernelInfo* info, const char* name, float* out) {
  return call<Status*>(kKernelInfoGetAttributeFloat, info, name, out);
}

Status* attribute(const KernelInfo* info, const char* name, char* out, size_t capacity) {
  size_t size = capacity;
  return call<Status*>(kKernelInfoGetAttributeString, info, name, out, &size);
}

int64_t Tensor::elements() const {
  int64_t n = 1;
  for (size_t i = 0; i < rank; i++) {
    n *= shape[i];
  }
  return n;
}

Status* input(KernelContext* context, size_t index, Tensor* out) {
  *out = Tensor{};
  size_t count = 0;
  if (Status* status = call<Status*>(kKernelContextGetInputCount,
                                     static_cast<const KernelContext*>(context), &count)) {
    return status;
  }
  if (index >= count) {
    return nullptr;
  }
  const Value* value = nullptr;
  if (Status* status = call<Status*>(kKernelContextGetInput,
                                     static_cast<const KernelContext*>(context), index, &value)) {
    return status;
  }
  if (value == nullptr) {
    return nullptr;
  }
  TensorShapeInfo* info = nullptr;
  if (Status* status = call<Status*>(kGetTensorTypeAndShape, value, &info)) {
    return status;
  }
  int type = 0;
  Status* status =
      call<Status*>(kGetTensorElementType, static_cast<const TensorShapeInfo*>(info), &type);
  if (status == nullptr) {
    status = call<Status*>(kGetDimensionsCount, static_cast<const TensorShapeInfo*>(info),
                           &out->rank);
  }
  if (status == nullptr) {
    if (out->rank > Tensor::kMaxRank) {
      status = fail(kInvalidArgument, "ssa: a tensor of more than four axes");
    } else {
      status = call<Status*>(kGetDimensions, static_cast<const TensorShapeInfo*>(info),
                             static_cast<int64_t*>(out->shape), out->rank);
    }
  }
  call<void>(kReleaseTensorTypeAndShapeInfo, info);
  if (status != nullptr) {
    return status;
  }
  out->type = static_cast<ElementType>(type);
  return call<Status*>(kGetTensorMutableData, const_cast<Value*>(value), &out->data);
}

Status* output(KernelContext* context, size_t index, const int64_t* shape, size_t rank,
               void** out) {
  Value* value = nullptr;
  if (Status* status =
          call<Status*>(kKernelContextGetOutput, context, index, shape, rank, &value)) {
    return status;
  }
  if (value == nullptr) {
    *out = nullptr;
    return nullptr;
  }
  return call<Status*>(kGetTensorMutableData, value, out);
}

Status* cudaStream(KernelContext* context, void** out) {
  return call<Status*>(kKernelContextGetGpuComputeStream,
                       static_cast<const KernelContext*>(context), out);
}

Status* acquireCuda(KernelContext* context, size_t bytes, Allocator** allocator, void** out) {
  // Names the device's memory; made once, for the first device, which is the one that sessions use.
  static MemoryInfo* memory = nullptr;
  if (memory == nullptr) {
    if (Status* status = call<Status*>(kCreateMemoryInfo, "Cuda", 0, 0, 0, &memory)) {
      return status;
    }
  }
  if (Status* status = call<Status*>(kKernelContextGetAllocator,
                                     static_cast<const KernelContext*>(context),
                                     static_cast<const MemoryInfo*>(memory), allocator)) {
    return status;
  }
  Status* status = call<Status*>(kAllocatorAlloc, *allocator, bytes, out);
  if (status == nullptr && *out == nullptr) {
    status = fail(kFail, "out of device memory");
  }
  if (status != nullptr) {
    call<void>(kReleaseAllocator, *allocator);
    *allocator = nullptr;
  }
  return status;
}

void releaseCuda(Allocator* allocator, void* memory) {
  Status* status = call<Status*>(kAllocatorFree, allocator, memory);
  if (status != nullptr) {
    releaseStatus(status);
  }
  call<void>(kReleaseAllocator, allocator);
}

Status* parallelFor(KernelContext* context, void (*item)(void*, size_t), size_t n, void* data) {
  if (n == 0) {
    return nullptr;
  }
  return call<Status*>(kKernelContextParallelFor, static_cast<const KernelContext*>(context), item,
                       n, size_t{0}, data);
}

}  // namespace ssa::ort

// ort.h: the part of ONNX Runtime's C interface that the operators use
//
// No package carries ONNX Runtime's headers for Java, and its table of functions only ever grows at
// the end, so the functions are reached by their slot in that table. Slots and signatures: ONNX
// Runtime's documentation of OrtApi and OrtCustomOp, API version 18.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ssa::ort {

struct Status;
struct SessionOptions;
struct CustomOpDomain;
struct Value;
struct TensorShapeInfo;
struct KernelInfo;
struct KernelContext;
struct ShapeInferContext;
struct MemoryInfo;
struct Allocator;

struct Api {
  void* slot[1];  // open-ended
};

struct ApiBase {
  const Api* (*GetApi)(uint32_t version);
  const char* (*GetVersionString)();
};

constexpr uint32_t kApiVersion = 18;

enum ErrorCode : int { kFail = 1, kInvalidArgument = 2 };
enum ElementType : int {
  kAnyType = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt32 = 6,
  kInt64 = 7,
  kFloat16 = 10,
  kDouble = 11,
  kBFloat16 = 16
};
enum Characteristic : int { kRequired = 0, kOptional = 1 };
// Where an operator of a device wants an input.
enum MemoryType : int { kHostInput = -2, kDefaultMemory = 0 };

// OrtCustomOp, 208 bytes on a 64-bit machine.
struct CustomOp {
  uint32_t version;
  void* (*CreateKernel)(const CustomOp*, const Api*, const KernelInfo*);
  const char* (*GetName)(const CustomOp*);
  const char* (*GetExecutionProviderType)(const CustomOp*);
  int (*GetInputType)(const CustomOp*, size_t);
  size_t (*GetInputTypeCount)(const CustomOp*);
  int (*GetOutputType)(const CustomOp*, size_t);
  size_t (*GetOutputTypeCount)(const CustomOp*);
  void (*KernelCompute)(void*, KernelContext*);
  void (*KernelDestroy)(void*);
  int (*GetInputCharacteristic)(const CustomOp*, size_t);
  int (*GetOutputCharacteristic)(const CustomOp*, size_t);
  int (*GetInputMemoryType)(const CustomOp*, size_t);
  int (*GetVariadicInputMinArity)(const CustomOp*);
  int (*GetVariadicInputHomogeneity)(const CustomOp*);
  int (*GetVariadicOutputMinArity)(const CustomOp*);
  int (*GetVariadicOutputHomogeneity)(const CustomOp*);
  Status* (*CreateKernelV2)(const CustomOp*, const Api*, const KernelInfo*, void**);
  Status* (*KernelComputeV2)(void*, KernelContext*);
  Status* (*InferOutputShape)(const CustomOp*, ShapeInferContext*);
  int (*GetStartVersion)(const CustomOp*);
  int (*GetEndVersion)(const CustomOp*);
  size_t (*GetMayInplace)(int**, int**);
  void (*ReleaseMayInplace)(int*, int*);
  size_t (*GetAliasMap)(int**, int**);
  void (*ReleaseAliasMap)(int*, int*);
};
static_assert(sizeof(void*) != 8 || sizeof(CustomOp) == 208, "layout of OrtCustomOp");

// Binds the table. Returns a sentence if a needed function is missing, else nullptr.
const char* bind(const ApiBase* base);

Status* fail(ErrorCode code, const char* message);
void releaseStatus(Status* status);

Status* createDomain(const char* name, CustomOpDomain** out);
Status* addToDomain(CustomOpDomain* domain, const CustomOp* op);
Status* addDomain(SessionOptions* options, CustomOpDomain* domain);

// Attributes of a node.
Status* attribute(const KernelInfo* info, const char* name, int64_t* out);
Status* attribute(const KernelInfo* info, const char* name, float* out);
Status* attribute(const KernelInfo* info, const char* name, char* out, size_t capacity);

// A tensor handed to a kernel; data is nullptr where an optional input is absent.
struct Tensor {
  static constexpr size_t kMaxRank = 4;
  void* data;
  ElementType type;
  size_t rank;
  int64_t shape[kMaxRank];

  int64_t elements() const;
};

Status* input(KernelContext* context, size_t index, Tensor* out);
Status* output(KernelContext* context, size_t index, const int64_t* shape, size_t rank, void** out);

// The stream that a CUDA operator queues its work on: a cudaStream_t.
Status* cudaStream(KernelContext* context, void** out);

// The CUDA provider's memory for one call. It may be given back while queued work still uses it: what
// gets it next is queued behind on the same stream.
Status* acquireCuda(KernelContext* context, size_t bytes, Allocator** allocator, void** out);
void releaseCuda(Allocator* allocator, void* memory);

// Runs item(data, i) for i in [0, n) on the session's threads.
Status* parallelFor(KernelContext* context, void (*item)(void*, size_t), size_t n, void* data);

}  // namespace ssa::ort

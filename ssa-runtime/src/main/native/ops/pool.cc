// ops/pool.cc: ssa.Pool, which creates, reports and destroys pools of pages
//
// input    0 command int64: create 0, id, layers, KV heads, D, value sums (0, 1), most pages, format
//                           report 1, id
//                           destroy 2, id
//                           device 3
//                           instruction set 4
//                           CUDA limits 5
//            format: 0 fp32 on the host; on the CUDA device 1 fp32, 2 fp16, 3 bf16
// output   0 report [5] int64: pages with memory, bytes, most pages, selections proved in fp32,
//            selections made in fp64 (0 after destroy)
//            of the device [37]: CUDA versions of the driver and of the kernels (1000 major +
//            10 minor), compute capability (10 major + minor), free and all bytes, then its name in
//            256 bytes
//            of the instruction set that "auto" comes to [1]: avx512 1, avx2 2, scalar 3
//            of the CUDA limits [8]: most query heads per KV head, most selected blocks, what hidden
//            widths are multiples of, the largest, what feed-forward widths are multiples of, then the
//            head dimensions
#include <cstdint>
#include <cstring>

#include "kernels/cuda/limits.h"
#include "kernels/parameters.h"
#include "kernels/pool.h"
#include "ops/operators.h"
#ifdef SSA_CUDA
#include "kernels/cuda/cuda.h"
#endif

namespace ssa {
namespace {

ort::Status* explain(PoolOutcome outcome, int64_t id) {
  switch (outcome) {
    case PoolOutcome::kDone:
      return nullptr;
    case PoolOutcome::kExists:
      return refuse("ssa.Pool: pool %lld exists already", static_cast<long long>(id));
    case PoolOutcome::kUnknown:
      return refuse("ssa.Pool: there is no pool %lld", static_cast<long long>(id));
    default:
      return refuse("ssa.Pool: out of memory for pool %lld", static_cast<long long>(id));
  }
}

struct Report {
  int64_t count = 5;
  int64_t words[37] = {};
};

#ifdef SSA_CUDA
// Pages are some MB each: taken one by one, rounding to the driver's granularity would waste a third.
constexpr int64_t kSlabBytes = int64_t{64} << 20;

ort::Status* fitToDevice(PoolShape* shape) {
  auto element = static_cast<cuda::Element>(static_cast<int64_t>(shape->format) -
                                            static_cast<int64_t>(PageFormat::kCudaFloat32));
  cuda::PageLayout layout = {element, shape->kv_heads, shape->head_dim, shape->value_sums};
  shape->layer_bytes = layout.layerBytes();
  shape->memory = {cuda::acquireDevice, cuda::releaseDevice, kSlabBytes};
  return nullptr;
}

ort::Status* device(Report* report) {
  cuda::Device found;
  cuda::Report told = cuda::describeDevice(&found);
  if (!told.done) {
    return refuse("no CUDA device: %s (driver: CUDA %d.%d, kernels: CUDA %d.%d)", told.why,
                  found.driver / 1000, found.driver % 1000 / 10, found.runtime / 1000,
                  found.runtime % 1000 / 10);
  }
  report->count = 5 + sizeof found.name / sizeof(int64_t);
  int64_t words[] = {found.driver, found.runtime, found.compute_capability, found.free_bytes,
                     found.total_bytes};
  std::memcpy(report->words, words, sizeof words);
  std::memcpy(report->words + 5, found.name, sizeof found.name);
  return nullptr;
}
#else
ort::Status* fitToDevice(PoolShape*) {
  return refuse("this build of the operators has no CUDA kernels: no nvcc was found");
}

ort::Status* device(Report*) { return fitToDevice(nullptr); }
#endif

ort::Status* instructionSet(Report* report) {
  const char* names[] = {"avx512", "avx2", "scalar"};
  report->count = 1;
  for (int i = 2; i >= 0; --i) {
    if (selectKernels(names[i]) == selectKernels("auto")) {
      report->words[0] = i + 1;
    }
  }
  return nullptr;
}

ort::Status* cudaLimits(Report* report) {
  int64_t words[] = {cuda::kMostGroup, cuda::kMostBlocks, cuda::kWidthMultiple, cuda::kMostWidth,
                     cuda::kFeedMultiple};
  std::memcpy(report->words, words, sizeof words);
  std::memcpy(report->words + 5, cuda::kHeadDimensions, sizeof cuda::kHeadDimensions);
  report->count = 5 + sizeof cuda::kHeadDimensions / sizeof(int64_t);
  return nullptr;
}

ort::Status* fit(PoolShape* shape) {
  if (shape->format != PageFormat::kHost) {
    return fitToDevice(shape);
  }
  shape->layer_bytes =
      PageLayout{shape->kv_heads, shape->head_dim, shape->value_sums}.layerBytes();
  shape->memory = {acquire, release, 0};
  return nullptr;
}

ort::Status* tell(int64_t id, Report* report) {
  PoolReport found = {};
  if (ort::Status* status = explain(reportPool(id, &found), id)) {
    return status;
  }
  int64_t words[] = {found.pages_with_memory, found.bytes, found.most_pages, found.tally.proved,
                     found.tally.exact};
  std::memcpy(report->words, words, sizeof words);
  return nullptr;
}

ort::Status* obey(const int64_t* command, int64_t words, Report* report) {
  if (words == 8 && command[0] == 0 && command[7] >= 0 && command[7] <= 3) {
    PoolShape shape = {command[2], command[3], command[4], command[5] != 0, command[6],
                       static_cast<PageFormat>(command[7]), 0, {}};
    if (shape.layers < 1 || shape.kv_heads < 1 || shape.head_dim < 1 || shape.most_pages < 1) {
      return refuse("ssa.Pool: %lld layers, %lld KV heads of %lld, %lld pages",
                    static_cast<long long>(shape.layers), static_cast<long long>(shape.kv_heads),
                    static_cast<long long>(shape.head_dim),
                    static_cast<long long>(shape.most_pages));
    }
    if (ort::Status* status = fit(&shape)) {
      return status;
    }
    if (ort::Status* status = explain(createPool(command[1], shape), command[1])) {
      return status;
    }
    return tell(command[1], report);
  }
  if (words == 2 && command[0] == 1) {
    return tell(command[1], report);
  }
  if (words == 2 && command[0] == 2) {
    return explain(destroyPool(command[1]), command[1]);
  }
  if (words == 1 && command[0] == 3) {
    return device(report);
  }
  if (words == 1 && command[0] == 4) {
    return instructionSet(report);
  }
  if (words == 1 && command[0] == 5) {
    return cudaLimits(report);
  }
  return refuse("ssa.Pool: unknown command %lld of %lld words",
                static_cast<long long>(words > 0 ? command[0] : -1), static_cast<long long>(words));
}

ort::Status* compute(void*, ort::KernelContext* context) {
  ort::Tensor command;
  if (ort::Status* status = ort::input(context, 0, &command)) {
    return status;
  }
  Report report;
  if (ort::Status* status =
          obey(static_cast<const int64_t*>(command.data), command.elements(), &report)) {
    return status;
  }
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, 0, &report.count, 1, &out)) {
    return status;
  }
  std::memcpy(out, report.words, report.count * sizeof(int64_t));
  return nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetName = [](const ort::CustomOp*) { return "Pool"; };
  op.GetExecutionProviderType = [](const ort::CustomOp*) -> const char* { return nullptr; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetInputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kInt64); };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) { return 0; };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kInt64); };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.CreateKernelV2 = [](const ort::CustomOp*, const ort::Api*, const ort::KernelInfo*,
                         void** out) -> ort::Status* {
    // The operator has no state of its own; the kernel only must not be null.
    *out = const_cast<ort::CustomOp*>(&kPoolOp);
    return nullptr;
  };
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void*) {};
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace

const ort::CustomOp kPoolOp = describe();

}  // namespace ssa

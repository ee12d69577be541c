// ops/pool.cc: ssa.Pool, which creates, reports and destroys pools of pages
//
// input    0 command int64: create 0, id, layers, KV heads, D, value sums (0, 1), most pages
//                           report 1, id
//                           destroy 2, id
// output   0 report [5] int64: pages with memory, bytes, most pages, selections proved in fp32,
//            selections made in fp64 (0 after destroy)
#include <cstdint>
#include <new>

#include "kernels/pool.h"
#include "ops/operators.h"

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

ort::Status* obey(const int64_t* command, int64_t words, PoolReport* report) {
  if (words == 7 && command[0] == 0) {
    PoolShape shape = {command[2], command[3], command[4], command[5] != 0, command[6]};
    if (shape.layers < 1 || shape.kv_heads < 1 || shape.head_dim < 1 || shape.most_pages < 1) {
      return refuse("ssa.Pool: %lld layers, %lld KV heads of %lld, %lld pages",
                    static_cast<long long>(shape.layers), static_cast<long long>(shape.kv_heads),
                    static_cast<long long>(shape.head_dim),
                    static_cast<long long>(shape.most_pages));
    }
    if (ort::Status* status = explain(createPool(command[1], shape), command[1])) {
      return status;
    }
    return explain(reportPool(command[1], report), command[1]);
  }
  if (words == 2 && command[0] == 1) {
    return explain(reportPool(command[1], report), command[1]);
  }
  if (words == 2 && command[0] == 2) {
    return explain(destroyPool(command[1]), command[1]);
  }
  return refuse("ssa.Pool: unknown command %lld of %lld words",
                static_cast<long long>(words > 0 ? command[0] : -1), static_cast<long long>(words));
}

ort::Status* compute(void*, ort::KernelContext* context) {
  ort::Tensor command;
  if (ort::Status* status = ort::input(context, 0, &command)) {
    return status;
  }
  PoolReport report = {};
  if (ort::Status* status =
          obey(static_cast<const int64_t*>(command.data), command.elements(), &report)) {
    return status;
  }
  const int64_t shape[] = {5};
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, 0, shape, 1, &out)) {
    return status;
  }
  int64_t* words = static_cast<int64_t*>(out);
  words[0] = report.pages_with_memory;
  words[1] = report.bytes;
  words[2] = report.most_pages;
  words[3] = report.tally.proved;
  words[4] = report.tally.exact;
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

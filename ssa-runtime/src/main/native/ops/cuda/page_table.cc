// ops/cuda/page_table.cc: ssa.PageTable: where a run's sequences lie in the device's memory
//
// One node per run, before the first layer: it checks what all layers rely on, makes the copies of
// pages, and puts the tables that the kernels read onto the device.
//
// inputs   0 sequence_starts [S + 1] int64  1 mode [4] int64  2 positions [T] int64, all on the host
//          3 cos [P, D] float (only its shape is looked at; P = 0: no rotary)
//          with a pool, on the host: 4 pages [S, C] int64  5 past_tokens [S] int64
//          6 copies [N, 2] int64: from, to, made before anything is appended
// outputs  0 page_table [S, C] int64: addresses of pages
//          1 sequence_table [2, S + 1] int64: sequence_starts, then past_tokens
//          2 storage [bytes] uint8: without a pool the pages themselves, of one layer after the other
// attributes  kv_heads, head_dim, pool (-1: none, the sequences are whole), element (without a pool:
//          float, float16, bfloat16)
#include <algorithm>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "kernels/pool.h"
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.PageTable";
constexpr size_t kInputs = 7;
enum Input : size_t { kStarts, kMode, kPositions, kCos, kPages, kPast, kCopies };
constexpr InputKind kKinds[kInputs] = {{ort::kInt64, ort::kHostInput},
                                       {ort::kInt64, ort::kHostInput},
                                       {ort::kInt64, ort::kHostInput},
                                       {ort::kFloat},
                                       {ort::kInt64, ort::kHostInput, ort::kOptional},
                                       {ort::kInt64, ort::kHostInput, ort::kOptional},
                                       {ort::kInt64, ort::kHostInput, ort::kOptional}};

struct PageTableKernel {
  int64_t kv_heads;
  int64_t head_dim;
  int64_t pool;
  cuda::Element element;
};

struct Sequences {
  int64_t count;
  const int64_t* starts;
  std::vector<int64_t> past;

  int64_t tokens(int64_t s) const { return past[s] + starts[s + 1] - starts[s]; }
  int64_t pages(int64_t s) const {
    return (tokens(s) + cuda::PageLayout::kTokens - 1) / cuda::PageLayout::kTokens;
  }
};

ort::Status* readSequences(const ort::Tensor* in, Sequences* out) {
  const ort::Tensor& starts = in[kStarts];
  int64_t tokens = in[kPositions].elements();
  if (starts.rank != 1 || starts.elements() < 1) {
    return refuse("%s: sequence_starts needs one axis and at least one entry", kName);
  }
  out->count = starts.elements() - 1;
  out->starts = static_cast<const int64_t*>(starts.data);
  int64_t before = 0;
  for (int64_t s = 0; s <= out->count; s++) {
    int64_t at = out->starts[s];
    if (at < before || at > tokens || (s == 0 && at != 0)) {
      return refuse("%s: sequence_starts[%lld] = %lld; ascending from 0 to at most %lld", kName,
                    static_cast<long long>(s), static_cast<long long>(at),
                    static_cast<long long>(tokens));
    }
    before = at;
  }
  out->past.assign(out->count, 0);
  const ort::Tensor& past = in[kPast];
  if (past.data == nullptr) {
    return nullptr;
  }
  if (past.elements() != out->count) {
    return refuse("%s: %lld past_tokens for %lld sequences", kName,
                  static_cast<long long>(past.elements()), static_cast<long long>(out->count));
  }
  for (int64_t s = 0; s < out->count; s++) {
    out->past[s] = static_cast<const int64_t*>(past.data)[s];
    if (out->past[s] < 0) {
      return refuse("%s: sequence %lld has %lld past tokens", kName, static_cast<long long>(s),
                    static_cast<long long>(out->past[s]));
    }
  }
  return nullptr;
}

ort::Status* checkPositions(const ort::Tensor* in, int64_t head_dim) {
  const ort::Tensor& cos = in[kCos];
  if (cos.rank != 2 || cos.shape[1] != head_dim) {
    return refuse("%s: cos must be [P, %lld]", kName, static_cast<long long>(head_dim));
  }
  const int64_t* position = static_cast<const int64_t*>(in[kPositions].data);
  for (int64_t t = 0; t < in[kPositions].elements() && cos.shape[0] > 0; t++) {
    if (position[t] < 0 || position[t] >= cos.shape[0]) {
      return refuse("%s: position %lld of token %lld; the table has %lld rows", kName,
                    static_cast<long long>(position[t]), static_cast<long long>(t),
                    static_cast<long long>(cos.shape[0]));
    }
  }
  return nullptr;
}

ort::Status* explain(PoolOutcome outcome, int64_t pool, const PoolShape& shape) {
  switch (outcome) {
    case PoolOutcome::kDone:
      return nullptr;
    case PoolOutcome::kOutOfPages:
      return refuse("%s: a page number lies outside of pool %lld", kName,
                    static_cast<long long>(pool));
    case PoolOutcome::kOutOfMemory:
      return outOfDeviceMemory(kName, "pages of the key/value cache",
                               shape.slabPages() * shape.pageBytes());
    default:
      return refuse("%s: there is no pool %lld", kName, static_cast<long long>(pool));
  }
}

// One run's tables on the host, on their way to the device.
struct Tables {
  int64_t columns = 0;
  std::vector<char*> pages;        // [S, C]
  std::vector<int64_t> sequences;  // [2, S + 1]
};

ort::Status* pagesOfPool(const PageTableKernel& kernel, const ort::Tensor* in,
                         const Sequences& sequences, void* stream, Tables* out) {
  PoolShape shape = {};
  if (ort::Status* status = explain(shapeOfPool(kernel.pool, &shape), kernel.pool, shape)) {
    return status;
  }
  const ort::Tensor& pages = in[kPages];
  const ort::Tensor& copies = in[kCopies];
  if (shape.format == PageFormat::kHost || shape.kv_heads != kernel.kv_heads ||
      shape.head_dim != kernel.head_dim) {
    return refuse("%s: pool %lld has %lld KV heads of %lld%s; %lld of %lld on the device are needed",
                  kName, static_cast<long long>(kernel.pool),
                  static_cast<long long>(shape.kv_heads), static_cast<long long>(shape.head_dim),
                  shape.format == PageFormat::kHost ? " on the host" : "",
                  static_cast<long long>(kernel.kv_heads), static_cast<long long>(kernel.head_dim));
  }
  if (pages.data == nullptr || in[kPast].data == nullptr || copies.data == nullptr ||
      pages.rank != 2 || pages.shape[0] != sequences.count || copies.rank != 2 ||
      copies.shape[1] != 2) {
    return refuse("%s: pages [S, C], past_tokens [S] and copies [N, 2] for %lld sequences", kName,
                  static_cast<long long>(sequences.count));
  }
  const int64_t* pair = static_cast<const int64_t*>(copies.data);
  for (int64_t c = 0; c < copies.shape[0]; c++) {
    char* page[2];
    if (ort::Status* status = explain(layerPages(kernel.pool, 0, pair + 2 * c, 2, page),
                                      kernel.pool, shape)) {
      return status;
    }
    cuda::Report copied =
        cuda::copyDevice(page[0], page[1], static_cast<size_t>(shape.pageBytes()), stream);
    if (ort::Status* status = toStatus(kName, copied)) {
      return status;
    }
  }
  out->columns = pages.shape[1];
  out->pages.assign(sequences.count * out->columns, nullptr);
  const int64_t* number = static_cast<const int64_t*>(pages.data);
  for (int64_t s = 0; s < sequences.count; s++) {
    if (sequences.pages(s) > out->columns) {
      return refuse("%s: sequence %lld has %lld tokens and %lld pages", kName,
                    static_cast<long long>(s), static_cast<long long>(sequences.tokens(s)),
                    static_cast<long long>(out->columns));
    }
    PoolOutcome found = layerPages(kernel.pool, 0, number + s * out->columns, sequences.pages(s),
                                   out->pages.data() + s * out->columns);
    if (ort::Status* status = explain(found, kernel.pool, shape)) {
      return status;
    }
  }
  return nullptr;
}

int64_t ownBytes(const PageTableKernel& kernel, const Mode& mode, const Sequences& sequences) {
  cuda::PageLayout layout = {kernel.element, kernel.kv_heads, kernel.head_dim,
                             mode.kind == ModeKind::kThreeBranch};
  int64_t pages = 0;
  for (int64_t s = 0; s < sequences.count; s++) {
    pages += sequences.pages(s);
  }
  return pages * layout.layerBytes();
}

void ownPages(int64_t bytes, char* storage, const Sequences& sequences, Tables* out) {
  int64_t count = 0;
  for (int64_t s = 0; s < sequences.count; s++) {
    out->columns = std::max(out->columns, sequences.pages(s));
    count += sequences.pages(s);
  }
  out->pages.assign(sequences.count * out->columns, nullptr);
  int64_t next = 0;
  for (int64_t s = 0; s < sequences.count; s++) {
    for (int64_t i = 0; i < sequences.pages(s); i++, next++) {
      out->pages[s * out->columns + i] = storage + next * (bytes / count);
    }
  }
}

ort::Status* put(ort::KernelContext* context, size_t index, int64_t rows, int64_t columns,
                 const void* values, void* stream) {
  const int64_t shape[] = {rows, columns};
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, index, shape, 2, &out)) {
    return status;
  }
  return toStatus(kName, cuda::upload(values, out, static_cast<size_t>(8 * rows * columns), stream));
}

ort::Status* place(const PageTableKernel& kernel, const ort::Tensor* in, const Mode& mode,
                   ort::KernelContext* context) {
  Sequences sequences;
  if (ort::Status* status = readSequences(in, &sequences)) {
    return status;
  }
  if (ort::Status* status = checkPositions(in, kernel.head_dim)) {
    return status;
  }
  void* stream = nullptr;
  if (ort::Status* status = ort::cudaStream(context, &stream)) {
    return status;
  }
  bool own = kernel.pool < 0;
  const int64_t bytes = own ? ownBytes(kernel, mode, sequences) : 0;
  void* storage = nullptr;
  if (ort::Status* status = ort::output(context, 2, &bytes, 1, &storage)) {
    ort::releaseStatus(status);
    return outOfDeviceMemory(kName, "keys and values", bytes);
  }
  Tables tables;
  if (own) {
    ownPages(bytes, static_cast<char*>(storage), sequences, &tables);
  } else if (ort::Status* status = pagesOfPool(kernel, in, sequences, stream, &tables)) {
    return status;
  }
  tables.sequences.assign(sequences.starts, sequences.starts + sequences.count + 1);
  tables.sequences.insert(tables.sequences.end(), sequences.past.begin(), sequences.past.end());
  tables.sequences.push_back(0);
  if (ort::Status* status =
          put(context, 0, sequences.count, tables.columns, tables.pages.data(), stream)) {
    return status;
  }
  return put(context, 1, 2, sequences.count + 1, tables.sequences.data(), stream);
}

ort::Status* compute(void* self, ort::KernelContext* context) {
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
    if (ort::Status* status = checkType(kName, i, in[i], kKinds[i].type)) {
      return status;
    }
  }
  Mode mode = {};
  if (ort::Status* status = readMode(kName, in[kMode], &mode)) {
    return status;
  }
  try {
    return place(*static_cast<PageTableKernel*>(self), in, mode, context);
  } catch (const std::bad_alloc&) {
    return refuse("%s: out of memory for the tables", kName);
  }
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  PageTableKernel made = {};
  char element[16] = "";
  for (auto [name, to] : {std::pair<const char*, int64_t*>{"kv_heads", &made.kv_heads},
                          {"head_dim", &made.head_dim},
                          {"pool", &made.pool}}) {
    if (ort::Status* status = ort::attribute(info, name, to)) {
      return status;
    }
  }
  if (ort::Status* status = ort::attribute(info, "element", element, sizeof element)) {
    return status;
  }
  if (made.kv_heads < 1 || made.head_dim < 1) {
    return refuse("%s: %lld KV heads of %lld", kName, static_cast<long long>(made.kv_heads),
                  static_cast<long long>(made.head_dim));
  }
  if (std::strcmp(element, "float") == 0) {
    made.element = cuda::Element::kFloat32;
  } else if (std::strcmp(element, "float16") == 0) {
    made.element = cuda::Element::kFloat16;
  } else if (std::strcmp(element, "bfloat16") == 0) {
    made.element = cuda::Element::kBFloat16;
  } else {
    return refuse("%s: element '%s'; float, float16 or bfloat16", kName, element);
  }
  *out = new (std::nothrow) PageTableKernel(made);
  return *out == nullptr ? refuse("%s: out of memory", kName) : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "PageTable"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(kKinds[i].type); };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(kKinds[i].memory);
  };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(kKinds[i].characteristic);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{3}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 2 ? ort::kUint8 : ort::kInt64);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<PageTableKernel*>(kernel); };
  return op;
}

}  // namespace

const ort::CustomOp kPageTableOp = describe();

}  // namespace ssa

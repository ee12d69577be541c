// ops/pages.h: where one attention call finds its sequences' pages
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

// What an attention node says about the cache.
struct PageInputs {
  int64_t pool;  // -1: no cache, every sequence is whole
  int64_t layer;
  const ort::Tensor* pages;   // [S, P] page numbers; entries behind a sequence's last page are free
  const ort::Tensor* past;    // [S] tokens that the pages hold already
  const ort::Tensor* copies;  // [C, 2] from, to: copied before anything is appended
};

// The pages of one call, as pointers. Without a pool it owns memory for them, else the pool does.
class CallPages {
 public:
  CallPages() = default;
  CallPages(const CallPages&) = delete;
  CallPages& operator=(const CallPages&) = delete;
  ~CallPages();

  // Checks the inputs, carries out the copies, and fills in past_tokens, pages and layout.
  ort::Status* resolve(const PageInputs& in, AttentionParameters* p);

 private:
  ort::Status* resolveOwn(AttentionParameters* p);
  ort::Status* resolvePool(const PageInputs& in, AttentionParameters* p);
  ort::Status* copyPages(const PageInputs& in, const PageLayout& layout);

  void* table_ = nullptr;  // pointers to pages, then pointers to those per sequence, then zeros
  void* memory_ = nullptr;
};

}  // namespace ssa

// ops/asked.h: what an attention node may be asked for beside its answer: the list, and its inputs
//
// An entry's inputs follow those of the entry before, behind the node's own; its output likewise. A
// graph has the inputs of all entries or of none; of no elements where nothing is asked.
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

// A call that is asked, as the host knows it.
struct AskedCall {
  const char* op;
  int64_t layer;
  Mode mode;
  int64_t query_heads;
  int64_t sequences;
  const int64_t* sequence_starts;  // [S + 1]
  const int64_t* past_tokens;      // [S]; nullptr: none
  ort::KernelContext* context;
  // Copies what an output begins with, wherever both lie.
  ort::Status* (*copy)(const void* from, void* to, size_t bytes, void* stream);
  void* stream;

  int64_t past(int64_t s) const { return past_tokens == nullptr ? 0 : past_tokens[s]; }
  int64_t tokens(int64_t s) const {
    return past(s) + sequence_starts[s + 1] - sequence_starts[s];
  }
};

// Checks an entry's inputs, all of which are there, makes its output, if it has one (an empty one where
// nothing is asked), and fills in its member of `asked`.
using AskedReader = ort::Status*(const ort::Tensor* in, const AskedCall& call, size_t output,
                                 Asked* asked);

// [1 + 2 N] int64 groups (1 sinks, 2 capture, 4 error), then N budgets S, K; [S, 2] int64 first query
// and the one behind the last, equal: none; [L, S, B, HQ columns] fp64 what earlier calls made. Out:
// [S, B, HQ columns] with this call's added. kernels/observation.h, ops/observation.cc
AskedReader readStatistics;

// [S, 2] int64 first query and the one behind the last, equal: none; [N, 3] int64 sequence, first key,
// the one behind the last. Out: [R, HQ, 2]. kernels/spans.h, ops/spans.cc
AskedReader readSpanMasses;

// [F, 3] int64 sequence, block, first query. No output. kernels/spans.h, ops/spans.cc
AskedReader readForcedBlocks;

struct AskedInput {
  ort::ElementType type;
  ort::MemoryType memory;  // on a CUDA device
};

struct Ask {
  static constexpr size_t kMostInputs = 3;

  const char* named;  // its inputs, for people
  size_t inputs;
  AskedInput input[kMostInputs];
  bool output;  // fp64
  bool cuda;    // whether the CUDA provider's operator takes it too
  AskedReader* read;
};

constexpr Ask kAsks[] = {
    {"statistics, ranges and totals",
     3,
     {{ort::kInt64, ort::kHostInput},
      {ort::kInt64, ort::kHostInput},
      {ort::kDouble, ort::kDefaultMemory}},
     true,
     true,
     readStatistics},
    {"queries and stretches",
     2,
     {{ort::kInt64, ort::kHostInput}, {ort::kInt64, ort::kHostInput}},
     true,
     false,
     readSpanMasses},
    {"forced blocks", 1, {{ort::kInt64, ort::kHostInput}}, false, false, readForcedBlocks}};

// The entries that a provider's operator takes, one behind the other.
class AskedList {
 public:
  explicit constexpr AskedList(bool cuda) : cuda_(cuda) {}

  constexpr size_t inputs() const {
    size_t count = 0;
    for (const Ask& ask : kAsks) {
      count += takes(ask) ? ask.inputs : 0;
    }
    return count;
  }

  constexpr size_t outputs() const {
    size_t count = 0;
    for (const Ask& ask : kAsks) {
      count += takes(ask) && ask.output ? 1 : 0;
    }
    return count;
  }

  // The i-th of the inputs of all entries.
  constexpr AskedInput input(size_t i) const {
    for (const Ask& ask : kAsks) {
      if (takes(ask) && i < ask.inputs) {
        return ask.input[i];
      }
      i -= takes(ask) ? ask.inputs : 0;
    }
    return {};
  }

  // Reads all that is asked.
  ort::Status* read(const ort::Tensor* in, const AskedCall& call, size_t first_output,
                    Asked* asked) const;

 private:
  constexpr bool takes(const Ask& ask) const { return ask.cuda || !cuda_; }

  bool cuda_;
};

// Whether an input is not there. One of no elements is, and may have no memory.
inline bool absent(const ort::Tensor& tensor) { return tensor.rank == 0 && tensor.data == nullptr; }

}  // namespace ssa

// query_tile.cuh: the work of query_gradient, cut into tiles of 16 rows: heads of one token, or of several where
// the group is small and keys are ranges
#pragma once

#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {

// The rows of a warp: tokens [first, first + row_tokens) of a sequence, heads from first_head on.
struct QueryTile {
  int sequence;
  int first;
  int h;
  int first_head;  // within the group
  int heads;

  __device__ int token(int row) const { return first + row / heads; }
};

__device__ inline bool findTile(const PackedView& v, int index, QueryTile* tile) {
  int head_tiles = (v.group + 15) / 16;
  int y = blockIdx.y;
  if (index >= v.row_starts[v.sequences]) {
    return false;
  }
  tile->sequence = lastAtMost(v.row_starts, v.sequences, index);
  tile->first = (index - v.row_starts[tile->sequence]) * v.row_tokens;
  tile->h = y / head_tiles;
  tile->first_head = y % head_tiles * 16;
  tile->heads = min(16, v.group - tile->first_head);
  return true;
}

}  // namespace ssa::cuda

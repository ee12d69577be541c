// ops/mode.cc: the numbers of an attention mode, checked
#include "ops/operators.h"

namespace ssa {

namespace {
constexpr int64_t kLastKind = static_cast<int64_t>(ModeKind::kBestBlocks);
}

bool isBlockSize(int64_t size) {
  return size == 8 || size == 16 || size == 32 || size == 64 || size == 128;
}

ort::Status* readMode(const char* op, const ort::Tensor& in, Mode* out) {
  const int64_t* mode = static_cast<const int64_t*>(in.data);
  bool drawn = in.elements() >= 4 && mode[0] == static_cast<int64_t>(ModeKind::kRandomBlocks);
  if (in.elements() != 4 && !drawn) {
    return refuse("%s: mode needs 4 entries, and of random blocks a seed per sequence", op);
  }
  *out = {static_cast<ModeKind>(mode[0]), mode[1], mode[2], mode[3]};
  if (mode[0] < 0 || mode[0] > kLastKind) {
    return refuse("%s: unknown mode %lld", op, static_cast<long long>(mode[0]));
  }
  if (out->kind == ModeKind::kFull) {
    *out = {ModeKind::kFull, 0, 0, 0};
    return nullptr;
  }
  if (!isBlockSize(mode[1]) || mode[2] < 1) {
    return refuse("%s: budget %lldx%lld; block sizes are 8, 16, 32, 64, 128, counts >= 1", op,
                  static_cast<long long>(mode[1]), static_cast<long long>(mode[2]));
  }
  if (out->kind == ModeKind::kReleased && mode[2] != mode[1] && 2 * mode[2] > mode[1]) {
    return refuse("%s: the released rule has no budget %lldx%lld", op,
                  static_cast<long long>(mode[1]), static_cast<long long>(mode[2]));
  }
  if (out->kind == ModeKind::kThreeBranch && mode[3] < 1) {
    return refuse("%s: window %lld; at least 1", op, static_cast<long long>(mode[3]));
  }
  return nullptr;
}

ort::Status* readDraws(const char* op, const ort::Tensor& in, int64_t sequences, int64_t layer,
                       RandomDraws* out) {
  const int64_t* mode = static_cast<const int64_t*>(in.data);
  if (mode[0] != static_cast<int64_t>(ModeKind::kRandomBlocks)) {
    *out = {layer, nullptr};
    return nullptr;
  }
  if (in.elements() != 4 + sequences || mode[3] < 0) {
    return refuse("%s: mode of random blocks has %lld entries and layer %lld; 4 and a seed for each "
                  "of %lld sequences, layers from 0",
                  op, static_cast<long long>(in.elements()), static_cast<long long>(mode[3]),
                  static_cast<long long>(sequences));
  }
  *out = {layer + mode[3], mode + 4};
  return nullptr;
}

}  // namespace ssa

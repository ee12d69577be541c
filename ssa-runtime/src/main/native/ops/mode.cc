// ops/mode.cc: the four numbers of an attention mode, checked
#include "ops/operators.h"

namespace ssa {

bool isBlockSize(int64_t size) {
  return size == 8 || size == 16 || size == 32 || size == 64 || size == 128;
}

ort::Status* readMode(const char* op, const ort::Tensor& in, Mode* out) {
  if (in.elements() != 4) {
    return refuse("%s: mode needs 4 entries", op);
  }
  const int64_t* mode = static_cast<const int64_t*>(in.data);
  *out = {static_cast<ModeKind>(mode[0]), mode[1], mode[2], mode[3]};
  if (mode[0] < 0 || mode[0] > 3) {
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

}  // namespace ssa

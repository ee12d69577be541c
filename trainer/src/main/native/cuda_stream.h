// cuda_stream.h: kernels run on libtorch's current stream of a device
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "kernels/cuda/cuda.h"

namespace ssa {

// What went wrong, or the empty string.
std::string onDevice(int32_t device, const std::function<cuda::Report(void* stream)>& run);

}  // namespace ssa

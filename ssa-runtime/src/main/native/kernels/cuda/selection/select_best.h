// select_best.h: where the masses lie by which the best blocks are chosen
#pragma once

#include "kernels/cuda/call.h"
#include "kernels/cuda/carver.h"

namespace ssa::cuda {

// Places a call's BestMasses; needs nothing but its shape.
void placeBest(Call& call, Carver& carver);

}  // namespace ssa::cuda

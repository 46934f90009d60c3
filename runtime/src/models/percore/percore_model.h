/// percore_model.h - what the parts of the model percore know of it.
#ifndef FLUX_MODELS_PERCORE_PERCORE_MODEL_H
#define FLUX_MODELS_PERCORE_PERCORE_MODEL_H

#include <stdint.h>

namespace flux {

/// How many loops there are. The first call decides it, on the main thread once the options have been read.
uint64_t numCores();

} // namespace flux

#endif // FLUX_MODELS_PERCORE_PERCORE_MODEL_H

/// main.cpp - the main() of a server; each model's archive has its own, built with FLUX_MODEL_CONSTANT naming the
/// model.
#include "core/server/server.h"

namespace flux {
extern const Model FLUX_MODEL_CONSTANT;
} // namespace flux

int main(int argc, char **argv) { return flux::serve(flux_ir_program, flux::FLUX_MODEL_CONSTANT, argc, argv); }

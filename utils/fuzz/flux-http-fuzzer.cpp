//===- flux-http-fuzzer.cpp - a request head and body from anyone ---------===//
//
// What clients send breaks none of the invariants that net/test/http/invariants.h lists.
//
//===----------------------------------------------------------------------===//

#include "invariants.h"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
  const std::string broken = brokenInvariant({reinterpret_cast<const char *>(data), size});
  if (broken.empty())
    return 0;
  fprintf(stderr, "flux-http-fuzzer: %s\n", broken.c_str());
  abort();
}

//===- asan-options.cpp - What AddressSanitizer is told in the tools ---------------------------------------------===//

// The types of a dialect built with ASan live in memory of an MLIR built without, which looks poisoned to ASan.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }

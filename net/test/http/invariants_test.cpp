/// invariants_test.cpp - invariants over heads that were changed at random. The seed makes a failure repeatable; the
/// fuzzer of the same invariants is utils/fuzz/flux-http-fuzzer.cpp.
#include "invariants.h"
#include "mutations.h"

#include <gtest/gtest.h>

namespace {

TEST(InvariantsTest, ChangedHeads) {
  Mutations mutations(9112);
  for (int i = 0; i < 20000; ++i) {
    const std::string head = mutations.next();
    ASSERT_EQ(brokenInvariant(head), "") << testing::PrintToString(head);
  }
}

} // namespace

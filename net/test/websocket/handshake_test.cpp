/// handshake_test.cpp - keys of opening handshakes.
#include "websocket/handshake.h"

#include <gtest/gtest.h>
#include <string>

using namespace flux::websocket;

namespace {

std::string answerTo(const char *key) {
  std::string answer(kAnswerLength, ' ');
  answerKey(key, answer.data());
  return answer;
}

/// The example of RFC 6455, 1.3, and digests whose words have all kinds of high bits, by `openssl dgst -sha1`.
TEST(HandshakeTest, Answers) {
  EXPECT_EQ(answerTo("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answerTo("AAAAAAAAAAAAAAAAAAAAAA=="), "ICX+Yqv66kxgM0FcWaLWlFLwTAI=");
  EXPECT_EQ(answerTo("/////////////////////w=="), "XXpj4jYzLM2yUE0C7TIgMwTQh2g=");
}

/// A key is 16 bytes in base64, and nothing else.
TEST(HandshakeTest, Keys) {
  EXPECT_TRUE(isKey("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(isKey("++//++//++//++//++//ww=="));
  for (const char *other :
       {"", "==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZQAA",
        "dGhlIHNhbXBsZSBub25jZQA=", "dGhlIHNhbXBsZSBub25j=Q==", "dGhlIHNhbXBsZSBub25j Q==", "dGhlIHNhbXBsZSBub25j-Q=="})
    EXPECT_FALSE(isKey(other)) << other;
}

} // namespace

/// media_type_test.cpp - media types by the names of files.
#include "http/media_type.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux::http;

namespace {

const Row rows[] = {
    {"x.html", "text/html; charset=utf-8"},
    {"x.CSS", "text/css; charset=utf-8"},
    {"x.png", "image/png"},
    {"x.tar.gz", "application/gzip"},
    {"x.woff2", "font/woff2"},
    {"x.7z", "application/x-7z-compressed"},
    {"x.zst", "application/zstd"},
    {"/a.b/x.js", "text/javascript; charset=utf-8"},
    {"x.webmanifest", "application/manifest+json"},
    {".html", "text/html; charset=utf-8"},
    {"x.nonsense", "application/octet-stream"},
    {"x.webmanifests", "application/octet-stream"},
    {"x", "application/octet-stream"},
    {"x.", "application/octet-stream"},
    {"", "application/octet-stream"},
    {"/a.html/x", "application/octet-stream"}, // a directory's
    {"webmanifest", "application/octet-stream"},
    {"x.htm\xc3\xa4", "application/octet-stream"},
};

TEST(MediaTypeTest, Names) {
  for (const Row &row : rows) {
    EXPECT_EQ(mediaType(row.in), row.out) << row.in;
    EXPECT_EQ(std::string(mediaType(row.in).data()), row.out);
  }
}

} // namespace

/// head_scan_test.cpp - where a head ends, however its bytes arrive (RFC 9112, 2.1 and 2.2).
#include "support.h"

#include <gtest/gtest.h>

#include <string.h>

using namespace flux::http;

namespace {

/// What a scan has found, as "more", "0-27" or "400 bareLineFeed".
std::string found(const HeadScan &scan, HeadScan::State state) {
  if (state == HeadScan::more)
    return "more";
  if (state == HeadScan::refused)
    return std::to_string(statusOf(scan.refusal())) + " " + nameOf(scan.refusal());
  return std::to_string(scan.begin()) + "-" + std::to_string(scan.end());
}

/// Scans `raw` in pieces of `piece` bytes, each time in other memory that ends where they do.
std::string scanned(const std::string &raw, size_t piece, const Limits &limits = {}) {
  HeadScan scan;
  HeadScan::State state = HeadScan::more;
  for (size_t size = 0; state == HeadScan::more && size < raw.size();) {
    size = std::min(size + piece, raw.size());
    std::unique_ptr<char[]> bytes(new char[size]);
    memcpy(bytes.get(), raw.data(), size);
    state = scan.scan(bytes.get(), size, limits);
  }
  return found(scan, state);
}

const Row rows[] = {
    {"GET / HTTP/1.1\r\n\r\n", "0-18"},
    {"GET / HTTP/1.1\r\nX: y\r\n\r\n", "0-24"},
    {"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", "0-18"}, // what is behind it stays
    {"GET / HTTP/1.1\r\n\r\n\n\r\0"s, "0-18"},
    {"GET / HTTP/1.1\r\n\r", "more"},
    {"GET / HTTP/1.1\r\n", "more"},
    {"GET / HTTP/1.1\r\nX: y\r\n", "more"},
    {"GET / HTTP/1.1\r", "more"},
    {"G", "more"},
    // Empty lines in front of it.
    {"\r\nGET / HTTP/1.1\r\n\r\n", "2-20"},
    {"\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", "6-24"},
    {"\r\n\r\n", "more"},
    {"\r", "more"},
    {"\n", "400 bareLineFeed"},
    {"\nGET / HTTP/1.1\r\n\r\n", "400 bareLineFeed"},
    {"\r\n\nGET / HTTP/1.1\r\n\r\n", "400 bareLineFeed"},
    {"\r\r\nGET / HTTP/1.1\r\n\r\n", "0-21"}, // the parser refuses it
    {"\r\n GET / HTTP/1.1\r\n\r\n", "400 noRequest"},
    // Lines that end in LF alone.
    {"GET / HTTP/1.1\n\n", "400 bareLineFeed"},
    {"GET / HTTP/1.1\n\r\n", "400 bareLineFeed"},
    {"GET / HTTP/1.1\r\n\n", "400 bareLineFeed"},
    {"GET / HTTP/1.1\r\nX: y\n\r\n", "400 bareLineFeed"},
    {"GET / HTTP/1.1\r\nX: y\r\n\n", "400 bareLineFeed"},
    {"GET / HTTP/1.1\r\n\r\nX\n", "0-18"},
    // A CR elsewhere ends nothing: these have one end, which is the last.
    {"GET / HTTP/1.1\r\nX: y\r\r\n\r\n", "0-25"},
    {"GET / HTTP/1.1\r\nX: y\r\n\rX: y\r\n\r\n", "0-31"},
    {"GET / HTTP/1.1\r\nX: y\r\r\r\r", "more"},
    // First bytes that begin no request are refused at once.
    {"\0"s, "400 noRequest"},
    {"\x16\x03\x01", "400 noRequest"},
    {" ", "400 noRequest"},
    {"\x80", "400 noRequest"},
    {"/", "400 noRequest"},
    {"\r\n:", "400 noRequest"},
};

TEST(HeadScanTest, EndsAndRefusals) {
  for (const Row &row : rows)
    for (size_t piece = 1; piece <= row.in.size(); ++piece)
      EXPECT_EQ(scanned(row.in, piece), row.out) << row.in << " by " << piece;
}

TEST(HeadScanTest, NothingYet) {
  HeadScan scan;
  EXPECT_EQ(scan.scan(nullptr, 0, {}), HeadScan::more);
  EXPECT_FALSE(scan.begun());
  EXPECT_EQ(scan.scan("\r\n", 2, {}), HeadScan::more);
  EXPECT_FALSE(scan.begun());
  EXPECT_EQ(scan.scan("\r\nG", 3, {}), HeadScan::more);
  EXPECT_TRUE(scan.begun());
}

// Each limit lets the last byte pass that it allows, and no other.
TEST(HeadScanTest, Limits) {
  Limits limits;
  limits.target = 100;
  limits.head = 300;
  auto line = [](size_t target) { return "GET /" + std::string(target - 1, 'a') + " HTTP/1.1\r\n"; };
  auto padded = [&](size_t size) { // a head of that size
    const std::string start = line(1) + "X: ";
    return start + std::string(size - start.size() - 4, 'y') + "\r\n\r\n";
  };
  // 64 bytes of a first line are for what is not its target, which the parser measures.
  const std::string longest = std::string(164, 'G');
  const Row cases[] = {
      {padded(300), "0-300"},
      {padded(301), "431 longHead"},
      {padded(299) + "GET", "0-299"},
      {std::string(301, 'G'), "414 longTarget"},
      {longest, "more"},
      {longest + "G", "414 longTarget"},
      {longest.substr(1) + "\r\n", "more"},
      {longest + "\r\n", "414 longTarget"},
      {line(100) + "\r\n", "0-" + std::to_string(line(100).size() + 2)},
      // Empty lines have no end, either.
      {std::string(150, '\r') + std::string(151, '\r'), "414 longTarget"},
      {[] {
         std::string text;
         while (text.size() < 300)
           text += "\r\n";
         return text;
       }(),
       "more"},
      {[] {
         std::string text;
         while (text.size() < 302)
           text += "\r\n";
         return text;
       }(),
       "431 longHead"},
      // Of two limits the one that is met first.
      {[&] {
         std::string text;
         while (text.size() < 200)
           text += "\r\n";
         return text + std::string(165, 'G');
       }(),
       "431 longHead"},
  };
  for (const Row &row : cases)
    for (size_t piece : {1, 2, 3, 7, 64, 165, 299, 300, 301, 1000})
      EXPECT_EQ(scanned(row.in, piece, limits), row.out) << row.in << " by " << piece;
}

// The limit of the target is exact.
TEST(HeadScanTest, LongTargets) {
  for (size_t length : {7999, 8000, 8001, 8030, 8200, 40000}) {
    const std::string path = "/" + std::string(length - 1, 'a');
    EXPECT_EQ(outcome("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"),
              length <= 8000 ? "GET " + path + " h 1.1" : "414 longTarget");
  }
}

TEST(HeadScanTest, LongHeads) {
  for (size_t length : {32000, 33000, 100000})
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(length, 'x') + "\r\n\r\n"),
              length < 32768 ? "GET / h 1.1" : "431 longHead");
}

// A scan that has refused says so again.
TEST(HeadScanTest, StaysRefused) {
  HeadScan scan;
  EXPECT_EQ(scan.scan("\n", 1, {}), HeadScan::refused);
  EXPECT_EQ(scan.scan("\nGET / HTTP/1.1\r\n\r\n", 19, {}), HeadScan::refused);
  EXPECT_EQ(scan.refusal(), Refusal::bareLineFeed);
}

} // namespace

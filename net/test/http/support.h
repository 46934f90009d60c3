/// support.h - what the tests of HTTP share: heads in, one line of outcome out.
#ifndef FLUX_NET_TEST_HTTP_SUPPORT_H
#define FLUX_NET_TEST_HTTP_SUPPORT_H

#include "http/head_scan.h"
#include "http/request.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A literal that may have NUL bytes in it.
using namespace std::string_literals;

/// The name of a refusal in refusals.def, "none" for Refusal::none.
const char *nameOf(flux::http::Refusal refusal);

/// A head that was given to the scan and the parser, in memory that ends where it does.
struct ParsedHead {
  /// Gives all of `raw` in one piece.
  explicit ParsedHead(std::string_view raw, const flux::http::Limits &limits = {});

  flux::http::HeadScan scan;
  flux::http::HeadScan::State state;
  std::unique_ptr<char[]> bytes, scratch;
  flux::http::Request request;
  flux::http::Refusal refusal; ///< of the scan or of the parser
};

/// What becomes of `raw`: "more" if no head ends in it; "400 badTarget" for a refusal; else the request, as
/// "GET /path?query host:8080 1.1" with, behind it, what of "close", "length=5", "chunked" and "continue" is true.
std::string outcome(std::string_view raw, const flux::http::Limits &limits = {});

/// A row of a table: what goes in, and its outcome.
struct Row {
  std::string in, out;
};

#endif // FLUX_NET_TEST_HTTP_SUPPORT_H

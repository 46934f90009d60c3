//===- Input.cpp - Messages that are worth handling ---------------------------------------------------------------===//

#include "Input.h"
#include <poll.h>

using namespace flux::lsp;
using namespace llvm::lsp;
using llvm::LogicalResult;
using llvm::StringRef;

Input::Input(std::FILE *file, JSONStreamStyle style, Refuse refuse, std::function<void()> idle)
    : JSONTransportInput(style), file(file), messages(file, style), refuse(std::move(refuse)), idle(std::move(idle)) {
  // What a buffer holds `poll` does not see. Bodies are read in one piece anyway.
  if (style == JSONStreamStyle::Standard)
    std::setvbuf(file, nullptr, _IONBF, 0);
}

/// Whether a message, or the end of all, can be read at once.
bool Input::isWaiting() const {
  pollfd descriptor{fileno(file), POLLIN, 0};
  return poll(&descriptor, 1, 0) != 0;
}

/// Far more than any message of the protocol nests.
static constexpr unsigned maxDepth = 100;

/// Whether arrays and objects are nested at most `maxDepth` deep. A guard only: the text may be no JSON at all.
static bool isShallow(StringRef json) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (inString && c == '\\')
      ++i;
    else if (c == '"')
      inString = !inString;
    else if (!inString && (c == '[' || c == '{') && ++depth > maxDepth)
      return false;
    else if (!inString && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return true;
}

/// A request or notification has a method, a response an id.
static bool isMessage(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  return object && object->getString("jsonrpc") == "2.0" && (object->getString("method") || object->get("id"));
}

LogicalResult Input::check(StringRef json) {
  if (!isShallow(json)) {
    refuse("the message is nested too deeply", ErrorCode::InvalidRequest);
    return llvm::failure();
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(json);
  if (!value) {
    refuse("the message is not JSON: " + llvm::toString(value.takeError()), ErrorCode::ParseError);
    return llvm::failure();
  }
  if (!isMessage(*value)) {
    refuse("the message is not JSON-RPC 2.0", ErrorCode::InvalidRequest);
    return llvm::failure();
  }
  return llvm::success();
}

LogicalResult Input::readDelimitedMessage(std::string &json) {
  idle();
  return failed(messages.readDelimitedMessage(json)) ? llvm::failure() : check(json);
}

LogicalResult Input::readStandardMessage(std::string &json) {
  if (!isWaiting())
    idle();
  return failed(messages.readStandardMessage(json)) ? llvm::failure() : check(json);
}

//===- GraphReader.cpp - The JSON of flux-translate, as far as the explorers ask for it --------------------------===//

#include "GraphReader.h"
#include "llvm/ADT/STLExtras.h"

using namespace explorer;
using llvm::StringRef;
namespace json = llvm::json;

StringRef explorer::text(const json::Object &object, StringRef key) { return object.getString(key).value_or(""); }

const json::Array &explorer::list(const json::Object &object, StringRef key) {
  static const json::Array none;
  const json::Array *found = object.getArray(key);
  return found ? *found : none;
}

bool explorer::hasCatchAll(const json::Object &dispatch) {
  return llvm::any_of(list(dispatch, "cases"), [](const json::Value &alternative) {
    return llvm::all_of(list(*alternative.getAsObject(), "pattern"), [](const json::Value &p) { return p == "_"; });
  });
}

/// The handler of `function` itself.
static std::optional<size_t> handlerOf(const json::Object &graph, StringRef function, const Stack &running) {
  std::optional<size_t> best;
  size_t longest = 0;
  for (auto [number, value] : llvm::enumerate(list(graph, "handlers"))) {
    const json::Array &path = list(*value.getAsObject(), "path");
    if (path.empty() || path.back() != function)
      continue;
    size_t found = 0;
    for (StringRef flow : running)
      if (found + 1 < path.size() && path[found] == flow)
        ++found;
    if (found + 1 != path.size() || path.size() <= longest)
      continue;
    best = number;
    longest = path.size();
  }
  return best;
}

std::optional<size_t> explorer::findHandler(const json::Object &graph, StringRef function, Stack running) {
  while (true) {
    if (std::optional<size_t> handler = handlerOf(graph, function, running))
      return handler;
    if (running.empty())
      return std::nullopt;
    function = running.back();
    running.pop_back();
  }
}

//===- HandlerScopes.cpp - Which handlers an error may find, and under which flows --------------------------------===//

#include "flux/Analysis/HandlerScopes.h"

using namespace mlir;
using namespace flux;

/// The functions of a handler's path, from the outside in.
static std::vector<StringRef> pathOf(HandlerOp handler) {
  std::vector<StringRef> path;
  for (FlatSymbolRefAttr name : handler.getPath().getAsRange<FlatSymbolRefAttr>())
    path.push_back(name.getValue());
  return path;
}

HandlerScopes::HandlerScopes(ModuleOp program) {
  for (HandlerOp handler : program.getOps<HandlerOp>()) {
    std::vector<StringRef> path = pathOf(handler);
    handlers[path.back()].push_back(handler);
    if (path.size() > 1)
      addWay(ArrayRef(path).drop_back());
  }
  for (auto &entry : handlers)
    llvm::sort(entry.second, [](HandlerOp a, HandlerOp b) {
      size_t left = a.getPath().size(), right = b.getPath().size();
      return left != right ? left > right : a->isBeforeInBlock(b);
    });
}

/// The number of a way, given together with those of the ways that it begins with.
unsigned HandlerScopes::addWay(ArrayRef<StringRef> way) {
  if (auto found = numbers.find(way.vec()); found != numbers.end())
    return found->second;
  std::optional<unsigned> outer;
  if (way.size() > 1)
    outer = addWay(way.drop_back());
  unsigned number = numbers.size();
  numbers[way.vec()] = number;
  ways[way.back()].push_back({number, outer});
  return number;
}

ArrayRef<HandlerOp> HandlerScopes::handlersOf(StringRef function) const {
  auto found = handlers.find(function);
  return found == handlers.end() ? ArrayRef<HandlerOp>() : found->second;
}

ArrayRef<HandlerScopes::Way> HandlerScopes::waysTo(StringRef flow) const {
  auto found = ways.find(flow);
  return found == ways.end() ? ArrayRef<Way>() : found->second;
}

std::optional<unsigned> HandlerScopes::wayOf(HandlerOp handler) const {
  std::vector<StringRef> way = pathOf(handler);
  way.pop_back();
  if (way.empty())
    return std::nullopt;
  return numbers.at(way);
}

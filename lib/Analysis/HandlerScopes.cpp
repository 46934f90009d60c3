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
      scopeBitFor(ArrayRef(path).drop_back());
  }
  for (auto &entry : handlers)
    llvm::sort(entry.second, [](HandlerOp a, HandlerOp b) {
      size_t left = a.getPath().size(), right = b.getPath().size();
      return left != right ? left > right : a->isBeforeInBlock(b);
    });
}

/// The bit of a way, made together with the bits of the ways that it begins with; 0 if there are no more bits.
uint64_t HandlerScopes::scopeBitFor(ArrayRef<StringRef> way) {
  if (auto found = ways.find(way.vec()); found != ways.end())
    return found->second;
  uint64_t outer = way.size() > 1 ? scopeBitFor(way.drop_back()) : 0;
  if (ways.size() >= 64 || (way.size() > 1 && outer == 0))
    return 0;
  uint64_t bit = uint64_t(1) << ways.size();
  ways[way.vec()] = bit;
  scopeBits[way.back()].push_back({bit, outer});
  return bit;
}

ArrayRef<HandlerOp> HandlerScopes::handlersOf(StringRef function) const {
  auto found = handlers.find(function);
  return found == handlers.end() ? ArrayRef<HandlerOp>() : found->second;
}

ArrayRef<HandlerScopes::ScopeBit> HandlerScopes::scopeBitsOf(StringRef flow) const {
  auto found = scopeBits.find(flow);
  return found == scopeBits.end() ? ArrayRef<ScopeBit>() : found->second;
}

std::optional<uint64_t> HandlerScopes::scopeOf(HandlerOp handler) const {
  std::vector<StringRef> way = pathOf(handler);
  way.pop_back();
  if (way.empty())
    return 0;
  auto found = ways.find(way);
  return found == ways.end() ? std::nullopt : std::optional(found->second);
}

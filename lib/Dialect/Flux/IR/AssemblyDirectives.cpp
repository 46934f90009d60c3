//===- AssemblyDirectives.cpp - Custom pieces of the ops' assembly format --------------------------------------===//

#include "AssemblyDirectives.h"

using namespace mlir;
using namespace flux;

/// Parses one of an enumeration's keywords into `value`.
template <typename Enum>
static ParseResult parseKeyword(OpAsmParser &parser, std::optional<Enum> (*symbolize)(StringRef), StringRef expected,
                                Enum &value) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<Enum> parsed = symbolize(keyword);
  if (!parsed)
    return parser.emitError(loc) << "expected " << expected << ", found '" << keyword << "'";
  value = *parsed;
  return success();
}

ParseResult flux::parseScope(OpAsmParser &parser, LockScopeAttr &scope) {
  LockScope value;
  if (parseKeyword<LockScope>(parser, symbolizeLockScope, "'program' or 'session'", value))
    return failure();
  scope = LockScopeAttr::get(parser.getContext(), value);
  return success();
}

void flux::printScope(OpAsmPrinter &printer, Operation *, LockScopeAttr scope) {
  printer << stringifyLockScope(scope.getValue());
}

ParseResult flux::parseRank(OpAsmParser &parser, IntegerAttr &rank) {
  uint32_t value;
  if (parser.parseInteger(value))
    return failure();
  rank = parser.getBuilder().getI32IntegerAttr(value);
  return success();
}

void flux::printRank(OpAsmPrinter &printer, Operation *, IntegerAttr rank) { printer << rank.getInt(); }

/// `(name: type, ...)`
static ParseResult parseFields(OpAsmParser &parser, SmallVectorImpl<Type> &types, ArrayAttr &names) {
  SmallVector<Attribute> collected;
  auto parseField = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name) || parser.parseColonType(types.emplace_back()))
      return failure();
    collected.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseField))
    return failure();
  names = parser.getBuilder().getArrayAttr(collected);
  return success();
}

static void printFields(OpAsmPrinter &printer, TypeRange types, ArrayAttr names) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(types, names), printer, [&](auto field) {
    printer.printKeywordOrString(cast<StringAttr>(std::get<1>(field)).getValue());
    printer << ": " << std::get<0>(field);
  });
  printer << ')';
}

ParseResult flux::parseSignature(OpAsmParser &parser, TypeAttr &type, ArrayAttr &inputs, ArrayAttr &outputs) {
  SmallVector<Type> taken, produced;
  if (parseFields(parser, taken, inputs) || parser.parseArrow() || parseFields(parser, produced, outputs))
    return failure();
  type = TypeAttr::get(parser.getBuilder().getFunctionType(taken, produced));
  return success();
}

void flux::printSignature(OpAsmPrinter &printer, Operation *, TypeAttr type, ArrayAttr inputs, ArrayAttr outputs) {
  auto function = cast<FunctionType>(type.getValue());
  printFields(printer, function.getInputs(), inputs);
  printer << " -> ";
  printFields(printer, function.getResults(), outputs);
}

ParseResult flux::parseBlocking(OpAsmParser &parser, BlockingAttr &blocking) {
  Blocking value = Blocking::Unknown;
  if (succeeded(parser.parseOptionalKeyword("blocking")))
    value = Blocking::Blocking;
  else if (succeeded(parser.parseOptionalKeyword("nonblocking")))
    value = Blocking::Nonblocking;
  blocking = BlockingAttr::get(parser.getContext(), value);
  return success();
}

void flux::printBlocking(OpAsmPrinter &printer, Operation *, BlockingAttr blocking) {
  if (blocking.getValue() != Blocking::Unknown)
    printer << stringifyBlocking(blocking.getValue());
}

ParseResult flux::parseHolds(OpAsmParser &parser, ArrayAttr &holds) {
  SmallVector<Attribute> collected;
  auto parseHold = [&]() -> ParseResult {
    FlatSymbolRefAttr lock;
    LockMode mode;
    if (parser.parseAttribute(lock) || parseKeyword<LockMode>(parser, symbolizeLockMode, "'read' or 'write'", mode))
      return failure();
    collected.push_back(HoldAttr::get(parser.getContext(), lock, mode));
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parseHold))
    return failure();
  holds = parser.getBuilder().getArrayAttr(collected);
  return success();
}

void flux::printHolds(OpAsmPrinter &printer, Operation *, ArrayAttr holds) {
  printer << '[';
  llvm::interleaveComma(holds.getAsRange<HoldAttr>(), printer,
                        [&](HoldAttr hold) { printer << hold.getLock() << ' ' << stringifyLockMode(hold.getMode()); });
  printer << ']';
}

ParseResult flux::parseUnder(OpAsmParser &parser, ArrayAttr &holds) {
  if (succeeded(parser.parseOptionalKeyword("under")))
    return parseHolds(parser, holds);
  holds = parser.getBuilder().getArrayAttr({});
  return success();
}

void flux::printUnder(OpAsmPrinter &printer, Operation *op, ArrayAttr holds) {
  if (holds.empty())
    return;
  printer << "under ";
  printHolds(printer, op, holds);
}

ParseResult flux::parseCases(OpAsmParser &parser, ArrayAttr &patterns,
                             SmallVectorImpl<std::unique_ptr<Region>> &cases) {
  SmallVector<Attribute> collected;
  auto parseElement = [&](SmallVectorImpl<Attribute> &elements) -> ParseResult {
    if (succeeded(parser.parseOptionalKeyword("_"))) {
      elements.push_back(parser.getBuilder().getUnitAttr());
      return success();
    }
    FlatSymbolRefAttr predicate;
    if (parser.parseAttribute(predicate))
      return failure();
    elements.push_back(predicate);
    return success();
  };
  while (succeeded(parser.parseOptionalKeyword("case"))) {
    SmallVector<Attribute> elements;
    Region &region = *cases.emplace_back(std::make_unique<Region>());
    if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&] { return parseElement(elements); }) ||
        parser.parseRegion(region))
      return failure();
    collected.push_back(parser.getBuilder().getArrayAttr(elements));
  }
  patterns = parser.getBuilder().getArrayAttr(collected);
  return success();
}

void flux::printCases(OpAsmPrinter &printer, Operation *, ArrayAttr patterns, MutableArrayRef<Region> cases) {
  for (auto [pattern, region] : llvm::zip(patterns.getAsRange<ArrayAttr>(), cases)) {
    printer.printNewline();
    printer << "case [";
    llvm::interleaveComma(pattern, printer, [&](Attribute element) {
      if (isa<UnitAttr>(element))
        printer << '_';
      else
        printer << element;
    });
    printer << "] ";
    printer.printRegion(region);
  }
}

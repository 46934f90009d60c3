//===- Source.cpp - A program as .flux source text ----------------------------------------------------------------===//
//
// Items are written in the order of the program's operations, one to a line, and the constraints behind them. The text
// is then imported, and the result held against the program: whatever the language refuses is reported at the
// operation whose line it is in, and what it would understand otherwise is, too. So the writer needs no rules of its
// own for names, types, patterns and the rest.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Target/Source.h"
#include "SourceShape.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "flux/Frontend/Import.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace flux;

namespace {

class SourceWriter {
public:
  SourceWriter(ModuleOp program, const SourceShape &shape)
      : program(program), shape(shape), symbols(program), os(text) {}

  void write();
  /// Whether the text written means the program; reports the differences.
  LogicalResult check(const llvm::SourceMgr &origin);
  StringRef written() const { return text; }

private:
  void write(IncludeOp include);
  void write(PredicateOp predicate);
  void write(NodeOp node);
  void write(FlowOp flow);
  void write(SourceOp source);
  void write(HandlerOp handler);
  void write(const ConstraintShape &constraint);
  void writeSignature(StringRef name, FunctionType type, ArrayAttr inputs, ArrayAttr outputs);
  void writeArguments(ArrayRef<Type> types, ArrayAttr names);
  bool needsSignature(FlowOp flow);
  void endLine(Location loc);

  OwningOpRef<ModuleOp> readBack(const llvm::SourceMgr &origin);
  Location placeOf(Location loc, StringRef file) const;

  ModuleOp program;
  const SourceShape &shape;
  SymbolTable symbols;
  std::string text;
  llvm::raw_string_ostream os;
  /// Where the operation stands that each line is about.
  SmallVector<Location> lines;
};

} // namespace

LogicalResult flux::writeSource(ModuleOp program, const llvm::SourceMgr &origin, llvm::raw_ostream &output) {
  FailureOr<SourceShape> shape = SourceShape::of(program);
  if (failed(shape))
    return failure();
  SourceWriter writer(program, *shape);
  writer.write();
  if (failed(writer.check(origin)))
    return failure();
  output << writer.written();
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Writing
//===-------------------------------------------------------------------------------------------------------------===//

void SourceWriter::endLine(Location loc) {
  os << "\n";
  lines.push_back(loc);
}

void SourceWriter::write() {
  StringRef kind;
  auto startGroup = [&](StringRef next, Location loc) {
    if (!kind.empty() && kind != next)
      endLine(loc);
    kind = next;
  };
  for (Operation &op : program.getOps()) {
    bool isSilent = isa<LockOp>(op) || (isa<FlowOp>(op) && isWrapper(cast<FlowOp>(op).getSymName()));
    if (isSilent)
      continue; // mentioned by constraints, and made by the importer
    startGroup(op.getName().getStringRef(), op.getLoc());
    llvm::TypeSwitch<Operation *>(&op).Case<IncludeOp, PredicateOp, NodeOp, FlowOp, SourceOp, HandlerOp>(
        [&](auto declaration) { write(declaration); });
  }
  for (const ConstraintShape &constraint : shape.constraints()) {
    startGroup("constraint", constraint.loc);
    write(constraint);
  }
}

void SourceWriter::write(IncludeOp include) {
  os << "include \"" << include.getHeader() << "\";";
  endLine(include.getLoc());
}

void SourceWriter::write(PredicateOp predicate) {
  os << "typedef " << predicate.getSymName() << " " << predicate.getFunction() << ";";
  endLine(predicate.getLoc());
}

void SourceWriter::write(NodeOp node) {
  writeSignature(node.getSymName(), node.getFunctionType(), node.getInputNames(), node.getOutputNames());
  endLine(node.getLoc());
  if (node.getBlocking() == Blocking::Unknown)
    return;
  os << stringifyBlocking(node.getBlocking()) << " " << node.getSymName() << ";";
  endLine(node.getLoc());
}

void SourceWriter::writeSignature(StringRef name, FunctionType type, ArrayAttr inputs, ArrayAttr outputs) {
  os << name << " ";
  writeArguments(type.getInputs(), inputs);
  os << " => ";
  writeArguments(type.getResults(), outputs);
  os << ";";
}

void SourceWriter::writeArguments(ArrayRef<Type> types, ArrayAttr names) {
  os << "(";
  llvm::interleaveComma(llvm::zip_equal(types, names.getAsValueRange<StringAttr>()), os, [&](auto argument) {
    StringRef type = cast<CType>(std::get<0>(argument)).getSpelling();
    os << type << (type.ends_with("*") ? "" : " ") << std::get<1>(argument);
  });
  os << ")";
}

/// Whether the flow's first chain would give it another type, or other names.
bool SourceWriter::needsSignature(FlowOp flow) {
  for (const ChainShape &chain : shape.chains(flow)) {
    if (chain.links.empty())
      continue;
    CallOp call = chain.links.front(), lastCall = chain.links.back();
    Operation *first = symbols.lookup(call.getCallee()), *last = symbols.lookup(lastCall.getCallee());
    return signatureOf(first).getInputs() != flow.getFunctionType().getInputs() ||
           signatureOf(last).getResults() != flow.getFunctionType().getResults() ||
           first->getAttr(flow.getInputNamesAttrName()) != flow.getInputNames() ||
           last->getAttr(flow.getOutputNamesAttrName()) != flow.getOutputNames();
  }
  return true;
}

void SourceWriter::write(FlowOp flow) {
  if (needsSignature(flow)) {
    writeSignature(flow.getSymName(), flow.getFunctionType(), flow.getInputNames(), flow.getOutputNames());
    endLine(flow.getLoc());
  }
  for (const ChainShape &chain : shape.chains(flow)) {
    os << flow.getSymName();
    if (chain.pattern) {
      os << ":[";
      llvm::interleaveComma(chain.pattern, os, [&](Attribute element) {
        auto predicate = dyn_cast<FlatSymbolRefAttr>(element);
        os << (predicate ? predicate.getValue() : "_");
      });
      os << "]";
    }
    os << " = ";
    llvm::interleave(chain.links, os, [&](CallOp call) { os << call.getCallee(); }, " -> ");
    os << ";";
    endLine(chain.loc);
  }
}

void SourceWriter::write(SourceOp source) {
  os << "source " << withoutWrapper(source.getFunction());
  if (std::optional<StringRef> session = source.getSession())
    os << " {session: " << *session << "}";
  os << " => " << withoutWrapper(source.getTarget()) << ";";
  endLine(source.getLoc());
}

void SourceWriter::write(HandlerOp handler) {
  os << "handle error ";
  llvm::interleave(
      handler.getPath().getAsRange<FlatSymbolRefAttr>(), os, [&](FlatSymbolRefAttr name) { os << name.getValue(); },
      " -> ");
  os << " => " << handler.getFunction() << ";";
  endLine(handler.getLoc());
}

void SourceWriter::write(const ConstraintShape &constraint) {
  os << "constraint " << constraint.owner << ":{";
  llvm::interleaveComma(constraint.holds, os, [&](Attribute element) {
    auto hold = cast<HoldAttr>(element);
    auto lock = symbols.lookup<LockOp>(hold.getLock().getValue());
    os << lock.getSymName() << (hold.getMode() == LockMode::Read ? "?" : "")
       << (lock.getScope() == LockScope::Session ? "(session)" : "");
  });
  os << "};";
  endLine(constraint.loc);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Checking
//===-------------------------------------------------------------------------------------------------------------===//

/// The place in the program that `loc`, in the text written, is about.
Location SourceWriter::placeOf(Location loc, StringRef file) const {
  auto place = dyn_cast<FileLineColLoc>(loc);
  bool isInText = place && place.getFilename() == file && place.getLine() - 1 < lines.size();
  return isInText ? lines[place.getLine() - 1] : loc;
}

/// Imports the text written; reports what is refused.
OwningOpRef<ModuleOp> SourceWriter::readBack(const llvm::SourceMgr &origin) {
  StringRef file = origin.getMemoryBuffer(origin.getMainFileID())->getBufferIdentifier();
  llvm::SourceMgr sources;
  sources.setIncludeDirs(origin.getIncludeDirs());
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(text, file), llvm::SMLoc());

  std::vector<Diagnostic> errors;
  OwningOpRef<ModuleOp> result;
  {
    ScopedDiagnosticHandler collect(program.getContext(), [&](Diagnostic &diag) {
      if (diag.getSeverity() == DiagnosticSeverity::Error)
        errors.push_back(std::move(diag));
      return success(); // warnings have been given where the program was written
    });
    result = importFlux(sources, program.getContext());
  }
  for (Diagnostic &error : errors) {
    InFlightDiagnostic diag = mlir::emitError(placeOf(error.getLocation(), file))
                              << "Flux cannot say this: " << error.str();
    for (Diagnostic &note : error.getNotes())
      diag.attachNote(placeOf(note.getLocation(), file)) << note.str();
  }
  return result;
}

/// Whether both operations say the same, up to locations and ranks.
static bool isSame(Operation &left, Operation &right) {
  auto lock = dyn_cast<LockOp>(left), other = dyn_cast<LockOp>(right);
  if (lock && other)
    return lock.getSymNameAttr() == other.getSymNameAttr() && lock.getScope() == other.getScope() &&
           left.getDiscardableAttrDictionary() == right.getDiscardableAttrDictionary();
  return OperationEquivalence::isEquivalentTo(&left, &right, OperationEquivalence::IgnoreLocations);
}

LogicalResult SourceWriter::check(const llvm::SourceMgr &origin) {
  OwningOpRef<ModuleOp> result = readBack(origin);
  if (!result)
    return failure();
  auto &before = program.getBody()->getOperations(), &after = result->getBody()->getOperations();
  auto [left, right] = std::mismatch(before.begin(), before.end(), after.begin(), after.end(), isSame);
  if (left == before.end() && right == after.end() && program->getDiscardableAttrs().empty())
    return success();
  Location place = left == before.end() ? program.getLoc() : left->getLoc();
  return mlir::emitError(place) << "Flux cannot say this: the nearest program means something else";
}

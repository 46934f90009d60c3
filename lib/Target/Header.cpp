//===- Header.cpp - The C header that nodes are written against ---------------------------------------------------===//

#include "flux/Target/Header.h"
#include "flux/Dialect/Flux/IR/CTypes.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace flux;

namespace {

class HeaderWriter {
public:
  HeaderWriter(ModuleOp program, llvm::raw_ostream &os)
      : program(program), os(os), name(program.getSymName().value_or("program")),
        hasIncludes(!program.getOps<IncludeOp>().empty()) {}

  void write();

private:
  void writeOpening();
  void writeStructs();
  void writeStruct(StringRef function, StringRef side, TypeRange types, ArrayAttr names);
  void writeNodes();
  void writePredicates();
  void writeHandlers();
  void writeSessions();
  bool takesInput(StringRef function);

  ModuleOp program;
  llvm::raw_ostream &os;
  std::string name;
  bool hasIncludes;
  /// Functions with an `_in` struct.
  llvm::StringSet<> withInput;
};

/// `T name`, with the name where C's declarators want it.
std::string declarator(StringRef type, StringRef name) {
  size_t function = type.find("(*");
  if (function != StringRef::npos)
    return (type.take_front(function + 2) + name + type.drop_front(function + 2)).str();
  return (type + (type.ends_with("*") ? "" : " ") + name).str();
}

} // namespace

/// Whether this points to what has a name of the user's, without `struct` before it: then some header has to declare
/// it.
static bool needsDeclaration(CType type) {
  StringRef spelling = type.getSpelling(), target = type.getCanonical();
  if (!spelling.ends_with("*") || !target.ends_with("*"))
    return false;
  target = target.take_while([](char c) { return c != '*'; }).rtrim();
  while (spelling.consume_front("const ") || spelling.consume_front("volatile "))
    continue;
  bool isTagged = llvm::any_of(ArrayRef<StringRef>{"struct ", "union ", "class ", "enum "},
                               [&](StringRef keyword) { return spelling.starts_with(keyword); });
  return !isTagged && !layoutOfBuiltin(target) && !target.ends_with("void");
}

LogicalResult flux::writeHeader(ModuleOp program, llvm::raw_ostream &output) {
  HeaderWriter(program, output).write();
  return success();
}

void HeaderWriter::write() {
  writeOpening();
  writeStructs();
  writeNodes();
  writePredicates();
  writeHandlers();
  writeSessions();
  os << "#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n#endif\n";
}

void HeaderWriter::writeOpening() {
  std::string guard = "FLUX_PROGRAM_";
  for (char c : name)
    guard += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  os << "/* " << name << ".flux.h: the C functions that " << name << ".flux is made of.\n"
     << " * Written by flux-translate --flux-to-header; changes are lost. */\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include <assert.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
     << "#include <sys/types.h>\n\n#include \"flux/flux.h\"\n";
  for (IncludeOp include : program.getOps<IncludeOp>())
    os << "#include \"" << include.getHeader() << "\"\n";
  os << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Structs
//===-------------------------------------------------------------------------------------------------------------===//

void HeaderWriter::writeStructs() {
  for (Operation &op : program.getOps()) {
    FunctionType type = signatureOf(&op);
    if (!type)
      continue;
    auto inputs = op.getAttrOfType<ArrayAttr>("input_names"), outputs = op.getAttrOfType<ArrayAttr>("output_names");
    StringRef function = SymbolTable::getSymbolName(&op).getValue();
    if (isWrapper(function))
      continue;
    if (!inputs.empty())
      withInput.insert(function);
    writeStruct(function, "in", type.getInputs(), inputs);
    writeStruct(function, "out", type.getResults(), outputs);
  }
}

void HeaderWriter::writeStruct(StringRef function, StringRef side, TypeRange types, ArrayAttr names) {
  if (types.empty())
    return;
  os << "typedef struct " << function << "_" << side << " {\n";
  uint64_t size = 0, align = 1;
  bool isDeclared = true; // as far as the program says
  for (auto [type, field] : llvm::zip(types, names.getAsValueRange<StringAttr>())) {
    auto c = cast<CType>(type);
    os << "  " << declarator(c.getSpelling(), field) << ";";
    if (!hasIncludes && needsDeclaration(c)) {
      // Compilers show the line when they do not know the type.
      os << " /* include the header that declares it, in " << name << ".flux */";
      isDeclared = false;
    }
    os << "\n";
    size = llvm::alignTo(size, c.getAlign()) + c.getSize();
    align = std::max(align, c.getAlign());
  }
  os << "} " << function << "_" << side << ";\n";
  // A field of a type that is not known is no part of the struct, whose size would then be the second error.
  if (isDeclared)
    os << "static_assert(sizeof(" << function << "_" << side << ") == " << llvm::alignTo(size, align)
       << ", \"the compiler knows another layout\");\n";
  os << "\n";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Prototypes
//===-------------------------------------------------------------------------------------------------------------===//

bool HeaderWriter::takesInput(StringRef function) { return withInput.contains(function); }

void HeaderWriter::writeNodes() {
  llvm::StringSet<> handlers;
  for (HandlerOp handler : program.getOps<HandlerOp>())
    handlers.insert(handler.getFunction());
  for (NodeOp node : program.getOps<NodeOp>()) {
    if (handlers.contains(node.getSymName()))
      continue;
    SmallVector<std::string> parameters;
    if (node.getFunctionType().getNumInputs() != 0)
      parameters.push_back((node.getSymName() + "_in *in").str());
    if (node.getFunctionType().getNumResults() != 0)
      parameters.push_back((node.getSymName() + "_out *out").str());
    os << "int " << node.getSymName() << "(" << (parameters.empty() ? "void" : llvm::join(parameters, ", ")) << ");\n";
  }
  os << "\n";
}

void HeaderWriter::writePredicates() {
  // A predicate's argument is that of the field it is first asked about.
  llvm::MapVector<StringRef, CType> asked;
  program.walk([&](DispatchOp dispatch) {
    for (ArrayAttr pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
      for (auto [element, field] : llvm::zip(pattern, dispatch.getOperands()))
        if (auto predicate = dyn_cast<FlatSymbolRefAttr>(element))
          asked.insert({predicate.getValue(), cast<CType>(field.getType())});
  });
  llvm::StringSet<> declared;
  for (PredicateOp predicate : program.getOps<PredicateOp>())
    if (auto found = asked.find(predicate.getSymName()); found != asked.end())
      if (declared.insert(predicate.getFunction()).second)
        os << "bool " << predicate.getFunction() << "(" << declarator(found->second.getSpelling(), "value") << ");\n";
  if (!asked.empty())
    os << "\n";
}

void HeaderWriter::writeHandlers() {
  llvm::StringSet<> declared;
  for (HandlerOp handler : program.getOps<HandlerOp>()) {
    if (!declared.insert(handler.getFunction()).second)
      continue;
    StringRef failing = cast<FlatSymbolRefAttr>(handler.getPath().getValue().back()).getValue();
    os << "void " << handler.getFunction() << "(";
    if (takesInput(failing))
      os << failing << "_in *in, ";
    os << "int error);\n";
  }
  if (!declared.empty())
    os << "\n";
}

void HeaderWriter::writeSessions() {
  llvm::StringSet<> declared;
  for (SourceOp source : program.getOps<SourceOp>()) {
    std::optional<StringRef> session = source.getSession();
    if (!session || !declared.insert(*session).second)
      continue;
    StringRef target = withoutWrapper(source.getTarget());
    os << "int64_t " << *session << "(" << (takesInput(target) ? target.str() + "_in *in" : "void") << ");\n";
  }
  if (!declared.empty())
    os << "\n";
}

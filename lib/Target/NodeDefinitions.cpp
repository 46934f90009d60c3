//===- NodeDefinitions.cpp - Whether the nodes' bitcode defines what a program needs ------------------------------===//
//
// The system's linker would say some of this, but with less to go by: not which function of a similar name there is,
// nor that C++ has taken a function for another one because its parameters differ. And of a function that the optimiser
// has no use for, it would say nothing.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "NodeDefinitions.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace flux;

/// The function as its language writes it, with its place if that is known: `Twice (nodes.c:3)`.
static std::string describe(const llvm::Function &function) {
  std::string text = "'" + llvm::demangle(function.getName()) + "'";
  if (const llvm::DISubprogram *place = function.getSubprogram())
    text += " (" + llvm::sys::path::filename(place->getFilename()).str() + ":" + std::to_string(place->getLine()) + ")";
  return text;
}

static bool isDefinition(const llvm::Function &function) {
  return !function.isDeclaration() && function.hasExternalLinkage();
}

/// What C++ calls the function of this symbol, its parameters aside; a C function's name.
static std::string baseNameOf(StringRef symbol) {
  // As in `(anonymous namespace)::Make(int)`.
  std::string name = llvm::demangle(symbol);
  return name.substr(0, name.find('(', 1));
}

/// Whether this is a function that the nodes' sources are to define.
static bool isOfNodes(LLVM::LLVMFuncOp op) {
  return op.isExternal() && !op.getName().starts_with("flux_") && !op.getName().starts_with("__");
}

std::vector<Definition> flux::definitionsOf(const llvm::Module &module) {
  std::vector<Definition> definitions;
  for (const llvm::Function &function : module)
    if (isDefinition(function))
      definitions.push_back({function.getName().str(), describe(function)});
  return definitions;
}

LogicalResult flux::checkDefinedOnce(ModuleOp program, const llvm::Module &module, const llvm::Module &nodes) {
  bool ok = true;
  for (const llvm::Function &function : nodes) {
    const llvm::Function *other = module.getFunction(function.getName());
    if (!other || !isDefinition(*other) || !isDefinition(function))
      continue;
    auto op = program.lookupSymbol<LLVM::LLVMFuncOp>(function.getName());
    mlir::emitError(op ? op.getLoc() : program.getLoc())
        << "two sources define a function of one name, " << describe(*other) << " and " << describe(function);
    ok = false;
  }
  return success(ok);
}

std::string flux::suggestDefinition(ModuleOp program, StringRef name, ArrayRef<Definition> definitions) {
  const Definition *nearest = nullptr;
  unsigned least = std::max<unsigned>(1, name.size() / 3) + 1;
  for (const Definition &definition : definitions) {
    std::string base = baseNameOf(definition.symbol);
    if (base == name)
      return "; C++ takes " + definition.text +
             " for another function, since its parameters are not those of the declaration";
    if (StringRef(base).ends_with(("::" + name).str()))
      return "; did you mean extern \"C\" for " + definition.text + ", which is a function of C++?";
    if (program.lookupSymbol(definition.symbol))
      continue; // It is what it should be.
    if (unsigned distance = name.edit_distance(base, /*AllowReplacements=*/true, least); distance < least) {
      nearest = &definition;
      least = distance;
    }
  }
  return nearest ? "; did you mean " + nearest->text + "?" : "";
}

std::vector<LLVM::LLVMFuncOp> flux::findUndefined(ModuleOp program, const llvm::Module &module) {
  std::vector<LLVM::LLVMFuncOp> undefined;
  for (LLVM::LLVMFuncOp op : program.getOps<LLVM::LLVMFuncOp>()) {
    const llvm::Function *function = module.getFunction(op.getName());
    if (isOfNodes(op) && function && function->isDeclaration() && !function->use_empty())
      undefined.push_back(op);
  }
  return undefined;
}

LogicalResult flux::checkAllDefined(ModuleOp program, const llvm::Module &module) {
  std::vector<LLVM::LLVMFuncOp> undefined = findUndefined(program, module);
  for (LLVM::LLVMFuncOp op : undefined)
    mlir::emitError(op.getLoc()) << "no source defines '" << op.getName() << "'"
                                 << suggestDefinition(program, op.getName(), definitionsOf(module));
  return success(undefined.empty());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Signatures
//===-------------------------------------------------------------------------------------------------------------===//

/// A type as C has it, as far as that can be told.
static std::string spell(llvm::Type *type) {
  if (type->isVoidTy())
    return "void";
  if (type->isPointerTy())
    return "pointer";
  if (type->isFloatTy() || type->isDoubleTy())
    return type->isFloatTy() ? "float" : "double";
  if (auto *integer = dyn_cast<llvm::IntegerType>(type))
    switch (integer->getBitWidth()) {
    case 1:
      return "bool";
    case 8:
      return "char";
    case 16:
      return "short";
    case 32:
      return "int";
    case 64:
      return "long";
    default:
      break;
    }
  return "struct";
}

/// `int (pointer, pointer)`
static std::string spell(llvm::FunctionType *type) {
  std::string text = spell(type->getReturnType()) + " (";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(type->params(), os, [&](llvm::Type *parameter) { os << spell(parameter); });
  if (type->isVarArg())
    os << (type->getNumParams() ? ", ..." : "...");
  return text + ")";
}

LogicalResult flux::checkSignatures(ModuleOp program, const llvm::Module &module, const llvm::Module &nodes) {
  bool ok = true;
  for (LLVM::LLVMFuncOp op : program.getOps<LLVM::LLVMFuncOp>()) {
    const llvm::Function *called = module.getFunction(op.getName()), *defined = nodes.getFunction(op.getName());
    if (!isOfNodes(op) || !called || !defined || defined->isDeclaration() ||
        called->getFunctionType() == defined->getFunctionType())
      continue;
    mlir::emitError(op.getLoc()) << describe(*defined) << " is '" << spell(defined->getFunctionType())
                                 << "', but the program needs '" << spell(called->getFunctionType()) << "' (include \""
                                 << program.getSymName().value_or("program")
                                 << ".flux.h\", and the compiler shows the place)";
    ok = false;
  }
  return success(ok);
}

//===-------------------------------------------------------------------------------------------------------------===//
// What the runtime calls
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult flux::checkHooks(ModuleOp program, const llvm::Module &module) {
  bool ok = true;
  for (const llvm::Function &function : module) {
    if (!isDefinition(function))
      continue;
    std::string base = baseNameOf(function.getName());
    bool isMain = function.getName() == "main";
    if (!isMain && ((base != "flux_init" && base != "flux_shutdown") || function.getName() == base))
      continue;
    mlir::emitError(program.getLoc())
        << describe(function)
        << (isMain
                ? " would run instead of the server, whose main() is the runtime's; what it does at the start belongs "
                  "into flux_init()"
                : " would never run: C++ takes it for another function than the hook that flux/flux.h declares");
    ok = false;
  }
  return success(ok);
}

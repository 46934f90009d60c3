//===- NodeDefinitions.cpp - Whether the nodes' bitcode defines what a program needs ------------------------------===//
//
// The system's linker would say some of this, but with less to go by: not which function of a similar name there is,
// nor that C++ has taken a function for another one because its parameters differ. And of a function that the optimiser
// has no use for, it would say nothing.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "NodeDefinitions.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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

/// What C++ calls the function, its parameters aside; a C function's name.
static std::string baseNameOf(const llvm::Function &function) {
  std::string name = llvm::demangle(function.getName());
  return name.substr(0, name.find('('));
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

/// A function that may have been meant by `name`, which nobody defines, and how to say so.
static std::string suggest(StringRef name, const llvm::Module &module) {
  const llvm::Function *nearest = nullptr;
  unsigned least = std::max<unsigned>(1, name.size() / 3) + 1;
  for (const llvm::Function &function : module) {
    if (!isDefinition(function))
      continue;
    std::string base = baseNameOf(function);
    if (base == name)
      return "; C++ takes " + describe(function) +
             " for another function, since its parameters are not those of the declaration";
    if (unsigned distance = name.edit_distance(base, /*AllowReplacements=*/true, least); distance < least) {
      nearest = &function;
      least = distance;
    }
  }
  return nearest ? "; did you mean " + describe(*nearest) + "?" : "";
}

LogicalResult flux::checkAllDefined(ModuleOp program, const llvm::Module &module) {
  bool ok = true;
  for (LLVM::LLVMFuncOp op : program.getOps<LLVM::LLVMFuncOp>()) {
    const llvm::Function *function = module.getFunction(op.getName());
    if (!op.isExternal() || op.getName().starts_with("flux_") || !function || !function->isDeclaration() ||
        function->use_empty())
      continue;
    mlir::emitError(op.getLoc()) << "no source defines '" << op.getName() << "'" << suggest(op.getName(), module);
    ok = false;
  }
  return success(ok);
}

LogicalResult flux::checkHooks(ModuleOp program, const llvm::Module &module) {
  bool ok = true;
  for (const llvm::Function &function : module) {
    if (!isDefinition(function))
      continue;
    std::string base = baseNameOf(function);
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

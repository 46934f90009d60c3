//===- LinkNodes.cpp - Flows and the bitcode of their nodes as one module -----------------------------------------===//
//
// A flow function calls its nodes through pointers to structs. With the nodes' bitcode in the same module that costs
// nothing: LLVM's inliner puts small nodes and predicates into the flow, and the structs become registers. Nothing here
// is needed for correctness; what is not fused is called.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "LinkNodes.h"
#include "NodeDefinitions.h"
#include "flux/Support/Files.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace flux;

/// Collects what the inliner says, and what the linker complains about.
class LinkedNodes::Listener : public llvm::DiagnosticHandler {
public:
  bool isAnalysisRemarkEnabled(StringRef) const override { return false; }
  bool isPassedOptRemarkEnabled(StringRef) const override { return false; }
  bool isMissedOptRemarkEnabled(StringRef pass) const override { return pass == "inline"; }
  bool isAnyRemarkEnabled() const override { return true; }

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (const auto *remark = dyn_cast<llvm::DiagnosticInfoOptimizationBase>(&info)) {
      note(*remark);
      return true;
    }
    if (info.getSeverity() != llvm::DS_Error)
      return true; // clang has said what there is to say about the nodes.
    llvm::raw_string_ostream os(error);
    llvm::DiagnosticPrinterRawOStream printer(os);
    info.print(printer);
    return true;
  }

  /// The latest complaint of the linker.
  std::string error;
  /// By callee, why it was not inlined when it was last tried.
  llvm::StringMap<std::string> reasons;

private:
  void note(const llvm::DiagnosticInfoOptimizationBase &remark) {
    std::string callee, cost, threshold, reason;
    for (const auto &argument : remark.getArgs()) {
      std::string *value = llvm::StringSwitch<std::string *>(argument.Key)
                               .Case("Callee", &callee)
                               .Case("Cost", &cost)
                               .Case("Threshold", &threshold)
                               .Case("Reason", &reason)
                               .Default(nullptr);
      if (value)
        *value = argument.Val;
    }
    if (remark.getRemarkName() == "TooCostly")
      reasons[callee] = "it is too large: its cost is " + cost + ", the limit " + threshold;
    else if (!reason.empty())
      reasons[callee] = reason;
  }
};

LinkedNodes::LinkedNodes(ModuleOp program, llvm::Module &module) : program(program), module(module) {
  auto handler = std::make_unique<Listener>();
  listener = handler.get();
  module.getContext().setDiagnosticHandler(std::move(handler), /*RespectFilters=*/true);
}

LinkedNodes::~LinkedNodes() { module.getContext().setDiagnosticHandler(std::make_unique<llvm::DiagnosticHandler>()); }

LogicalResult LinkedNodes::link(ArrayRef<std::string> bitcodeFiles, bool areAll) {
  SmallVector<llvm::Function *> flows;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      flows.push_back(&function);
  for (const std::string &file : bitcodeFiles)
    if (failed(linkFile(file)))
      return failure();
  if (failed(checkHooks(program, module)) || (areAll && failed(checkAllDefined(program, module))))
    return failure();

  compileLikeNodes(flows);
  return success();
}

/// The inliner refuses to put code for one processor into code for another: flows become code for the nodes' one.
void LinkedNodes::compileLikeNodes(ArrayRef<llvm::Function *> flows) {
  for (LLVM::LLVMFuncOp op : program.getOps<LLVM::LLVMFuncOp>()) {
    const llvm::Function *node = module.getFunction(op.getName());
    if (!op.isExternal() || !node || node->isDeclaration())
      continue;
    for (StringRef attribute : {"target-cpu", "target-features", "tune-cpu"})
      if (node->hasFnAttribute(attribute))
        for (llvm::Function *flow : flows)
          flow->addFnAttr(node->getFnAttribute(attribute));
    return;
  }
}

LogicalResult LinkedNodes::linkFile(const std::string &file) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readFile(file, error);
  if (!buffer)
    return mlir::emitError(program.getLoc(), error);
  llvm::Expected<std::unique_ptr<llvm::Module>> nodes = llvm::parseBitcodeFile(*buffer, module.getContext());
  if (!nodes)
    return mlir::emitError(program.getLoc()) << "'" << file << "' is no bitcode that LLVM " << LLVM_VERSION_MAJOR
                                             << " reads: " << llvm::toString(nodes.takeError());
  llvm::Triple target = (*nodes)->getTargetTriple();
  if (!target.empty() && target.getArch() != module.getTargetTriple().getArch())
    return mlir::emitError(program.getLoc()) << "'" << file << "' is for '" << target.str()
                                             << "', but the flows are for '" << module.getTargetTriple().str() << "'";
  if (failed(checkDefinedOnce(program, module, **nodes)) || failed(checkSignatures(program, module, **nodes)))
    return failure();
  // Spellings of one target differ, and so do data layouts that mean the same.
  (*nodes)->setTargetTriple(module.getTargetTriple());
  (*nodes)->setDataLayout(module.getDataLayout());
  if (llvm::Linker::linkModules(module, std::move(*nodes)))
    return mlir::emitError(program.getLoc()) << "cannot link '" << file << "': " << listener->error;
  return success();
}

/// Whether a flow still calls `node`.
static bool isCalled(const llvm::Function &node) {
  return llvm::any_of(node.users(), [&](const llvm::User *user) {
    const auto *call = dyn_cast<llvm::CallBase>(user);
    return call && call->getCalledOperand() == &node && call->getFunction()->getName().starts_with("flux.");
  });
}

void LinkedNodes::report() {
  for (LLVM::LLVMFuncOp op : program.getOps<LLVM::LLVMFuncOp>()) {
    const llvm::Function *function = module.getFunction(op.getName());
    if (!op.isExternal() || !function || function->isDeclaration())
      continue;
    InFlightDiagnostic remark = mlir::emitRemark(op.getLoc()) << "'" << op.getName() << "' ";
    if (!isCalled(*function)) {
      remark << "is fused with the flows that call it";
      continue;
    }
    auto reason = listener->reasons.find(op.getName());
    remark << "stays a call";
    if (reason != listener->reasons.end())
      remark << ": " << reason->second;
  }
}

//===- Object.cpp - From the llvm dialect to LLVM IR and machine code --------------------------------------------===//

#include "flux/Target/Object.h"
#include "LinkNodes.h"
#include "NodeDefinitions.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace mlir;
using namespace flux;

void flux::registerObjectDialects(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

/// Makes the two back ends known. The assembly parsers are for inline assembly in user bitcode.
static void initializeTargets() {
  static const bool once = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
    return true;
  }();
  (void)once;
}

static std::unique_ptr<llvm::TargetMachine> createTargetMachine(ModuleOp module, const ObjectOptions &options) {
  initializeTargets();
  llvm::Triple triple(options.triple.empty() ? llvm::sys::getDefaultTargetTriple()
                                             : llvm::Triple::normalize(options.triple));
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target || !(triple.isX86() || triple.isAArch64()) || !triple.isArch64Bit()) {
    module.emitError() << "no code for target '" << triple.str() << "': x86-64 and AArch64 are built in";
    return nullptr;
  }
  llvm::TargetOptions codegen;
  // Constructors of fused nodes stand where the C library looks; what is in .ctors some linkers bring there and others
  // leave out.
  codegen.UseInitArray = true;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(triple, /*CPU=*/"", /*Features=*/"", codegen,
                                                                          llvm::Reloc::PIC_, std::nullopt,
                                                                          llvm::CodeGenOptLevel(options.optLevel)));
}

/// What debuggers, profilers and C++ exceptions that pass through flow functions expect of them; and what the guards of
/// stacks do, that large frames are touched page by page. Without optimisation a debugger sees every flow.
static void setFunctionAttributes(llvm::Module &module, unsigned optLevel) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.setUWTableKind(llvm::UWTableKind::Async);
    function.addFnAttr("frame-pointer", "all");
    function.addFnAttr("probe-stack", "inline-asm");
    if (optLevel == 0)
      function.removeFnAttr(llvm::Attribute::AlwaysInline);
  }
}

/// Calls whose functions throw nothing need no landing pad, not even without optimisation.
static void dropNeedlessPads(llvm::Module &module, llvm::ArrayRef<std::string> unthrowing) {
  for (const std::string &name : unthrowing)
    if (llvm::Function *function = module.getFunction(name))
      function->setDoesNotThrow();
  for (llvm::Function &function : module) {
    llvm::SmallVector<llvm::InvokeInst *> needless;
    for (llvm::BasicBlock &block : function)
      if (auto *invoke = dyn_cast<llvm::InvokeInst>(block.getTerminator());
          invoke && invoke->getCalledFunction() && invoke->getCalledFunction()->doesNotThrow())
        needless.push_back(invoke);
    for (llvm::InvokeInst *invoke : needless)
      llvm::changeToCall(invoke);
    if (!needless.empty())
      llvm::removeUnreachableBlocks(function);
  }
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine, unsigned optLevel) {
  static constexpr const llvm::OptimizationLevel *levels[] = {
      &llvm::OptimizationLevel::O0, &llvm::OptimizationLevel::O1, &llvm::OptimizationLevel::O2,
      &llvm::OptimizationLevel::O3};
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::OptimizationLevel level = *levels[std::min(optLevel, 3u)];
  llvm::ModulePassManager passes =
      optLevel == 0 ? builder.buildO0DefaultPipeline(level) : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

/// The module of the flows alone.
static std::unique_ptr<llvm::Module> translateFlows(ModuleOp program, llvm::LLVMContext &context,
                                                    llvm::TargetMachine &machine) {
  StringRef name = program.getSymName().value_or("program");
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(program, context, name);
  if (!module)
    return nullptr;
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  return module;
}

std::unique_ptr<llvm::Module> flux::translateToLLVM(ModuleOp program, llvm::LLVMContext &context,
                                                    const ObjectOptions &options) {
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(program, options);
  if (!machine)
    return nullptr;
  std::unique_ptr<llvm::Module> module = translateFlows(program, context, *machine);
  if (!module)
    return nullptr;
  setFunctionAttributes(*module, options.optLevel);
  if (options.nodes.empty()) {
    dropNeedlessPads(*module, options.unthrowing);
    optimize(*module, *machine, options.optLevel);
    return module;
  }
  LinkedNodes nodes(program, *module);
  if (failed(nodes.link(options.nodes, options.nodesAreAll)))
    return nullptr;
  dropNeedlessPads(*module, options.unthrowing);
  optimize(*module, *machine, options.optLevel);
  nodes.report();
  return module;
}

LogicalResult flux::checkNodes(ModuleOp program, llvm::LLVMContext &context, const ObjectOptions &options,
                               std::vector<std::string> &undefined) {
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(program, options);
  std::unique_ptr<llvm::Module> module = machine ? translateFlows(program, context, *machine) : nullptr;
  if (!module)
    return failure();
  LinkedNodes nodes(program, *module);
  if (failed(nodes.link(options.nodes, options.nodesAreAll)))
    return failure();
  for (LLVM::LLVMFuncOp function : findUndefined(program, *module))
    undefined.push_back(
        ("'" + function.getName() + "'" + suggestDefinition(program, function.getName(), definitionsOf(*module)))
            .str());
  return success();
}

LogicalResult flux::writeObject(ModuleOp program, llvm::Module &module, const ObjectOptions &options,
                                llvm::raw_pwrite_stream &output) {
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(program, options);
  if (!machine)
    return failure();
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, output, nullptr, llvm::CodeGenFileType::ObjectFile))
    return program.emitError() << "target '" << module.getTargetTriple().str() << "' has no object files";
  passes.run(module);
  return success();
}

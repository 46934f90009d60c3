//===- LoadProgram.cpp - Reads a program in either of its forms ---------------------------------------------------===//

#include "flux/Driver/LoadProgram.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Frontend/Import.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace flux;

/// Skips white space and line comments, which both languages share.
static StringRef firstToken(StringRef text) {
  while (true) {
    text = text.ltrim();
    if (!text.starts_with("//"))
      return text;
    text = text.drop_until([](char c) { return c == '\n'; });
  }
}

bool flux::isMLIR(llvm::MemoryBufferRef buffer) {
  StringRef extension = llvm::sys::path::extension(buffer.getBufferIdentifier());
  if (extension == ".flux" || extension == ".mlir")
    return extension == ".mlir";
  // No Flux program begins like this: attributes, a module that is not a signature, or an op of the dialect.
  StringRef text = firstToken(buffer.getBuffer());
  if (text.starts_with("#") || text.starts_with("!") || text.starts_with("\"") || text.starts_with("flux."))
    return true;
  if (!text.consume_front("module"))
    return false;
  text = text.ltrim();
  return text.starts_with("@") || text.starts_with("{") || text.starts_with("attributes");
}

OwningOpRef<ModuleOp> flux::loadProgram(const std::shared_ptr<llvm::SourceMgr> &sources, MLIRContext *context) {
  context->loadDialect<FluxDialect>();
  llvm::MemoryBufferRef buffer = sources->getMemoryBuffer(sources->getMainFileID())->getMemBufferRef();
  if (!isMLIR(buffer))
    return importFlux(*sources, context);
  // What has been lowered already is no program, but is read so that it can be said.
  DialectRegistry registry;
  registry.insert<LLVM::LLVMDialect>();
  context->appendDialectRegistry(registry);
  OwningOpRef<ModuleOp> program = parseSourceFile<ModuleOp>(sources, ParserConfig(context));
  return program && succeeded(verifyIsProgram(*program)) ? std::move(program) : nullptr;
}

//===- Import.cpp - From .flux source text to the flux dialect --------------------------------------------------===//

#include "flux/Frontend/Import.h"
#include "BuildIndex.h"
#include "Diagnostics.h"
#include "Lexer.h"
#include "MLIRGen.h"
#include "Parser.h"
#include "Sema.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace flux;
using namespace flux::frontend;

static mlir::OwningOpRef<mlir::ModuleOp> import(llvm::SourceMgr &sources, mlir::MLIRContext *context,
                                                ProgramIndex *index) {
  context->loadDialect<FluxDialect>();
  Diagnostics diagnostics(sources, context);
  llvm::StringRef buffer = sources.getMemoryBuffer(sources.getMainFileID())->getBuffer();
  if (!Lexer::isText(buffer, diagnostics))
    return nullptr;

  // What is not well formed is missing from the tree, so checking names and types would report errors of its own.
  ast::Program program = Parser(buffer, diagnostics).parse();
  if (diagnostics.hasErrors()) {
    if (index)
      *index = buildIndex(program, nullptr);
    return nullptr;
  }
  TypeTable types(program, sources, context, diagnostics);
  ResolvedProgram resolved = analyse(program, types, diagnostics);
  if (index)
    *index = buildIndex(program, &resolved);
  if (diagnostics.hasErrors())
    return nullptr;
  mlir::OwningOpRef<mlir::ModuleOp> module = generate(program, resolved, types, diagnostics, context);
  llvm::StringRef file = sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
  if (module && llvm::sys::path::extension(file) == ".flux")
    module->setSymName(llvm::sys::path::stem(file));
  return module;
}

mlir::OwningOpRef<mlir::ModuleOp> flux::importFlux(llvm::SourceMgr &sources, mlir::MLIRContext *context) {
  return import(sources, context, nullptr);
}

mlir::OwningOpRef<mlir::ModuleOp> flux::importFlux(llvm::SourceMgr &sources, mlir::MLIRContext *context,
                                                   ProgramIndex &index) {
  return import(sources, context, &index);
}

//===- CodePlace.cpp - Places in the nodes' source ----------------------------------------------------------------===//

#include "flux/Analysis/CodePlace.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/Path.h"

using namespace flux;

CodePlace::CodePlace(const llvm::DILocation *where) {
  if (!where)
    return;
  llvm::SmallString<128> path(where->getFilename());
  if (!llvm::sys::path::is_absolute(path)) {
    path = where->getDirectory();
    llvm::sys::path::append(path, where->getFilename());
  }
  file = path.str().str();
  line = where->getLine();
  column = where->getColumn();
}

mlir::Location CodePlace::location(mlir::MLIRContext *context) const {
  return mlir::FileLineColLoc::get(context, file, line, column);
}

//===- TypeTable.h - Layout and equality of the C types of a program ---------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_TYPETABLE_H
#define FLUX_LIB_FRONTEND_TYPETABLE_H

#include "AST.h"
#include "Diagnostics.h"
#include "flux/Dialect/Flux/IR/Flux.h"

namespace llvm {
class SourceMgr;
} // namespace llvm

namespace flux {
struct HeaderError;
struct HeaderType;
} // namespace flux

namespace flux::frontend {

/// The dialect's type for each C type that a program mentions. Arithmetic types and pointers are known; a program that
/// uses others has its included headers read by clang, which then also decides what pointers point to.
class TypeTable {
public:
  TypeTable(const ast::Program &program, const llvm::SourceMgr &sources, mlir::MLIRContext *context,
            Diagnostics &diagnostics);

  /// The type of `argument`; null after an error.
  CType of(const ast::Argument &argument) const { return types[argument.type]; }

  /// Whether both have the same C type. A type with an error agrees with any.
  bool agree(const ast::Argument &left, const ast::Argument &right) const {
    CType a = of(left), b = of(right);
    return a == b || !a || !b || a.isSame(b);
  }

private:
  void readHeaders(const ast::Program &program, llvm::ArrayRef<const ast::Include *> includes,
                   llvm::ArrayRef<unsigned> unknown, llvm::ArrayRef<std::string> includeDirs,
                   mlir::MLIRContext *context, Diagnostics &diagnostics);
  void reportHeaderErrors(llvm::ArrayRef<const ast::Include *> includes, llvm::ArrayRef<HeaderError> errors,
                          mlir::MLIRContext *context, Diagnostics &diagnostics);
  void lookFor(llvm::ArrayRef<const ast::Include *> includes, llvm::ArrayRef<std::string> includeDirs,
               Diagnostics &diagnostics);
  void reportMissing(const ast::Include &include, llvm::ArrayRef<std::string> includeDirs, Diagnostics &diagnostics);
  CType adopt(const ast::CTypeSpelling &type, const HeaderType &found, CType unaided, mlir::MLIRContext *context,
              Diagnostics &diagnostics);

  std::vector<CType> types; ///< parallel to the program's
};

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_TYPETABLE_H

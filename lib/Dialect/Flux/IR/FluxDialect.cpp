//===- FluxDialect.cpp - The flux dialect, its types and attributes --------------------------------------------===//

#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/IR/Models.h"
#include "flux/Dialect/Flux/IR/Rules.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace flux;

#include "flux/Dialect/Flux/IR/FluxDialect.cpp.inc"
#include "flux/Dialect/Flux/IR/FluxEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxAttributes.cpp.inc"

void FluxDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "flux/Dialect/Flux/IR/FluxOps.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "flux/Dialect/Flux/IR/FluxTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "flux/Dialect/Flux/IR/FluxAttributes.cpp.inc"
      >();
}

LogicalResult FluxDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != modelsAttr)
    return op->emitOpError() << "has an attribute '" << attribute.getName().getValue() << "' that Flux does not know";
  auto names = dyn_cast<ArrayAttr>(attribute.getValue());
  if (!isa<ModuleOp>(op) || !names || !llvm::all_of(names, llvm::IsaPred<StringAttr>))
    return op->emitOpError() << "needs '" << modelsAttr << "' to be a module's list of names";
  for (StringAttr name : names.getAsRange<StringAttr>())
    if (!findModel(name.getValue()))
      return op->emitOpError() << "names the unknown model '" << name.getValue() << "'; the models are "
                               << modelNames();
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// CType
//===-------------------------------------------------------------------------------------------------------------===//

CType CType::getBuiltin(MLIRContext *context, StringRef spelling, StringRef canonical) {
  std::optional<CLayout> layout = layoutOfBuiltin(canonical);
  return layout ? CType::get(context, spelling, canonical, layout->size, layout->align) : CType();
}

CClass CType::getClass() const {
  std::optional<CLayout> layout = layoutOfBuiltin(getCanonical());
  return layout ? layout->cls : CClass::Record;
}

LogicalResult CType::verify(function_ref<InFlightDiagnostic()> emitError, StringRef spelling, StringRef canonical,
                            uint64_t size, uint64_t align) {
  if (spelling.empty() || canonical.empty())
    return emitError() << "a C type needs a spelling";
  if (!isTypeSpelling(spelling))
    return emitError() << "'" << spelling << "' does not spell a type that can travel between nodes";
  if (!llvm::isPowerOf2_64(align) || size == 0 || size % align != 0)
    return emitError() << "size " << size << " and alignment " << align << " of '" << spelling
                       << "' are no layout of a C type";
  std::optional<CLayout> layout = layoutOfBuiltin(canonical);
  if (layout && (layout->size != size || layout->align != align))
    return emitError() << "'" << spelling << "' has size " << layout->size << " and alignment " << layout->align
                       << ", not " << size << " and " << align;
  return success();
}

/// `<"spelling" (= "canonical")? (, size, align)?>`
Type CType::parse(AsmParser &parser) {
  std::string spelling, canonical;
  uint64_t size = 0, align = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&spelling))
    return {};
  canonical = spelling;
  if (succeeded(parser.parseOptionalEqual()) && parser.parseString(&canonical))
    return {};
  bool hasLayout = succeeded(parser.parseOptionalComma());
  if (hasLayout && (parser.parseInteger(size) || parser.parseComma() || parser.parseInteger(align)))
    return {};
  if (parser.parseGreater())
    return {};
  if (!hasLayout) {
    std::optional<CLayout> layout = layoutOfBuiltin(canonical);
    if (!layout) {
      parser.emitError(loc) << "'" << canonical
                            << "' is neither arithmetic nor a pointer and needs a size and alignment";
      return {};
    }
    size = layout->size;
    align = layout->align;
  }
  return CType::getChecked([&] { return parser.emitError(loc); }, parser.getContext(), spelling, canonical, size,
                           align);
}

void CType::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printString(getSpelling());
  if (getCanonical() != getSpelling()) {
    printer << " = ";
    printer.printString(getCanonical());
  }
  if (!layoutOfBuiltin(getCanonical()))
    printer << ", " << getSize() << ", " << getAlign();
  printer << '>';
}

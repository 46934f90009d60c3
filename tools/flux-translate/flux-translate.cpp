//===- flux-translate.cpp - Translates Flux programs to and from other forms ----------------------------------===//

#include "flux/Driver/Translations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  flux::registerTranslations();
  return mlir::failed(mlir::mlirTranslateMain(argc, argv, "Flux translation tool"));
}

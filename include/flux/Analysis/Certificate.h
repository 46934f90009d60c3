//===- Certificate.h - A proof of deadlock freedom that others can check ------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_CERTIFICATE_H
#define FLUX_ANALYSIS_CERTIFICATE_H

#include "flux/Analysis/LockContexts.h"
#include "llvm/Support/raw_ostream.h"

namespace flux {

/// Writes what makes a program free of deadlock when regions take their locks in `order`: docs/Json.md describes the
/// form, utils/check-certificate.py checks it against the program's graph.
void writeCertificate(const LockContexts &contexts, llvm::ArrayRef<unsigned> order, llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_ANALYSIS_CERTIFICATE_H

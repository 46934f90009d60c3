//===- Translations.h - What flux-translate offers ----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DRIVER_TRANSLATIONS_H
#define FLUX_DRIVER_TRANSLATIONS_H

namespace flux {

/// Registers every translation of `flux-translate` and the options that they share.
void registerTranslations();

} // namespace flux

#endif // FLUX_DRIVER_TRANSLATIONS_H

//===- TranslateDriver.h - The flux-translate tool ----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DRIVER_TRANSLATEDRIVER_H
#define FLUX_DRIVER_TRANSLATEDRIVER_H

namespace flux {

/// Runs flux-translate: any translation of Translations.h. Returns the exit status.
int runTranslate(int argc, char **argv);

} // namespace flux

#endif // FLUX_DRIVER_TRANSLATEDRIVER_H

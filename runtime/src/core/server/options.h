/// options.h - the `--flux-*` options and `FLUX_*` variables of a server.
#ifndef FLUX_CORE_SERVER_OPTIONS_H
#define FLUX_CORE_SERVER_OPTIONS_H

#include "core/figures.h"

#include <stddef.h>
#include <stdint.h>

namespace flux {

/// One option `--flux-<name>=VALUE`, also read from the variable FLUX_<NAME>. Exactly one of `number` and `text` is
/// set; what it points to holds the default until the options are read.
struct Option {
  const char *name;
  const char *value; // what the value is, for the help: "N", "MS", "FILE"; with bars, all that it may be: "on|off"
  const char *help;
  int64_t *number;
  int64_t min, max;
  const char **text;
};

/// A list of options.
struct Options {
  const Option *options;
  size_t count;
};

/// What became of reading the options.
enum class OptionsResult {
  Run,  // go on
  Help, // --flux-help was given and answered
  Error // a message was logged
};

/// Sets every option of the core and of `model` from the environment, then from the command line, and removes what it
/// read from `argv` up to a `--`, behind which it looks at nothing. Texts point into `argv` and the environment. Main
/// thread.
OptionsResult readOptions(const char *modelName, const Options &model, int &argc, char **argv);

/// Offers the values of the core's options and of those of `model`. Any thread, once they have been read.
void offerOptions(const Options &model, Figures &figures);

/// The core's own options.
struct CoreOptions {
  int64_t drainMs = 10000;
  int64_t hangMs = 10000;
  const char *snapshotFile = nullptr;
};
extern CoreOptions coreOptions;

} // namespace flux

#endif // FLUX_CORE_SERVER_OPTIONS_H

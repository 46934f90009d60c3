// settings_file.h - the settings file, in TOML.
#ifndef WEB_SETTINGS_SETTINGS_FILE_H
#define WEB_SETTINGS_SETTINGS_FILE_H

#include "settings/settings.h"

namespace web {

/// Reads a file over what is in `settings`. Prints all that is wrong in it, each with its line and column, and returns
/// false if something is.
bool readSettingsFile(const std::string &name, Settings &settings);

} // namespace web

#endif // WEB_SETTINGS_SETTINGS_FILE_H

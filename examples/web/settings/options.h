// options.h - the command line.
#ifndef WEB_SETTINGS_OPTIONS_H
#define WEB_SETTINGS_OPTIONS_H

#include "settings/settings.h"

namespace web {

/// The options of the command line. They are stronger than the settings file that one of them may name.
class Options {
public:
  /// Keeps them. Prints what is wrong and returns false if something is; ends the process for --help.
  bool parse(int argc, char **argv);

  /// Fills `settings`, from the settings file first and then from the options. Prints what is wrong and returns false
  /// if something is. May be called again, when the file has changed.
  bool read(Settings &settings) const;

  /// Empty: there is none.
  const std::string &settingsFile() const { return file; }

  /// The server is to say whether its settings are right, and no more.
  bool isCheck() const { return checks; }

private:
  struct Given {
    const char *name;
    std::string value;
  };

  std::string file;
  bool checks = false;
  std::vector<Given> given;
};

} // namespace web

#endif // WEB_SETTINGS_OPTIONS_H

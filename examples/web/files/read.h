// read.h - files of the server's own, which are read as a whole.
#ifndef WEB_FILES_READ_H
#define WEB_FILES_READ_H

#include <string>

namespace web {

/// Appends all of a file to `content`. Returns 0 or an errno value.
int readFile(const std::string &name, std::string &content);

} // namespace web

#endif // WEB_FILES_READ_H

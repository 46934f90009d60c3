// privileges.h - giving up what only the start needs.
#ifndef WEB_PROCESS_PRIVILEGES_H
#define WEB_PROCESS_PRIVILEGES_H

#include <string>

namespace web {

/// Becomes `user`, in `group` or else in its own groups, for good: neither this process nor any that it starts can get
/// more again. An empty user changes nothing. False after a message; then the server must not run. Main thread, before
/// others are started.
bool dropPrivileges(const std::string &user, const std::string &group);

} // namespace web

#endif // WEB_PROCESS_PRIVILEGES_H

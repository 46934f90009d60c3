// privileges.cpp - giving up what only the start needs.
#include "process/privileges.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace web {
namespace {

bool fail(const std::string &user, const char *why) {
  fprintf(stderr, "web: cannot become user '%s': %s\n", user.c_str(), why);
  return false;
}

/// A process that was started as that user may have no right to say so.
bool setGroups(const passwd &user, gid_t group) {
  if (geteuid() != 0 && geteuid() == user.pw_uid && getegid() == group)
    return true;
  return initgroups(user.pw_name, group) == 0;
}

} // namespace

bool dropPrivileges(const std::string &user, const std::string &group) {
  if (user.empty()) {
    if (!group.empty())
      fprintf(stderr, "web: a group needs a user\n");
    return group.empty();
  }
  const passwd *found = getpwnam(user.c_str());
  if (!found)
    return fail(user, "there is none of that name");
  const uid_t uid = found->pw_uid;
  gid_t gid = found->pw_gid;
  if (!group.empty()) {
    const struct group *named = getgrnam(group.c_str());
    if (!named)
      return fail(user, ("there is no group '" + group + "'").c_str());
    gid = named->gr_gid;
  }
  // The groups first: afterwards there is no right to.
  if (!setGroups(*found, gid) || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0 ||
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail(user, strerror(errno));
  if (uid != 0 && setuid(0) == 0)
    return fail(user, "it could become root again");
  return true;
}

} // namespace web

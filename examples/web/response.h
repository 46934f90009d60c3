// response.h - the parts of a response head that every answer shares.
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "connection.h"

namespace web {

/// The reason phrase of a status that this server uses.
const char *reasonOf(int status);

/// Starts c.head: status line, Server, Date, and Connection where the version's default is not meant.
void beginHead(Connection &c, int status, bool close);

/// Appends "name: number".
void appendNumber(std::string &head, const char *name, int64_t number);

/// Sends c.head and then `length` bytes: of `content` or, if that is null, of the open file of c.document from
/// c.offset. Waits for a client that reads slowly, up to the send timeout. After the `last` one finish() has to close
/// the connection, or some of it stays here for a while. False if the client is gone or the file has become shorter.
bool sendResponse(Connection &c, const char *content, int64_t length, bool last);

} // namespace web

#endif // WEB_RESPONSE_H

/// message.h - what the library says on standard error.
#ifndef FLUX_NET_MESSAGE_H
#define FLUX_NET_MESSAGE_H

namespace flux::net {

/// Prints a line.
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

} // namespace flux::net

#endif // FLUX_NET_MESSAGE_H

/// invariants.h - what holds of heads and bodies whatever bytes a client sends.
#ifndef FLUX_NET_TEST_HTTP_INVARIANTS_H
#define FLUX_NET_TEST_HTTP_INVARIANTS_H

#include <string>
#include <string_view>

/// Takes `data` for what a client sends: a head and a body. Returns what does not hold of it, or "":
/// - what is found does not depend on how the bytes were split;
/// - every slice lies in the head, with a zero behind it and no control character in it;
/// - a path is absolute and has no segment that leads elsewhere;
/// - what is accepted can be written again, and is the same request then.
std::string brokenInvariant(std::string_view data);

#endif // FLUX_NET_TEST_HTTP_INVARIANTS_H

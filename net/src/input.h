/// input.h - what a client has sent and nobody has taken yet, and where messages end in it.
#ifndef FLUX_NET_INPUT_H
#define FLUX_NET_INPUT_H

#include "flux/net.h"

#include <atomic>
#include <stddef.h>
#include <stdint.h>

namespace flux::net {

/// Memory for input. Most messages fit into one of the least size.
struct Buffer {
  Buffer *next; // in the stock
  uint32_t capacity;
  char bytes[];

  static constexpr uint32_t kLeast = 2048 - 16;
};

/// Buffers that no connection needs at the moment. Since connections begin to read in their source alone, and let go of
/// what they have read wherever flows end, there is one for each poller. At most kLimit are ready and about as many
/// returned; any more are freed.
class Stock {
public:
  /// Takes or makes a buffer of the least size; null without memory. The source's own.
  Buffer *take();

  /// Gives one back. Any thread.
  void giveBack(Buffer *buffer);

private:
  static constexpr uint32_t kLimit = 64;

  Buffer *ready = nullptr;
  std::atomic<Buffer *> returned{nullptr};
  std::atomic<uint32_t> numReturned{0}; // a few more or less while others return theirs
};

/// A message in a buffer: where it begins, how long it is, and how much of the input is done with it.
struct Message {
  uint32_t begin, length, taken;
};

enum class Found { Whole, Part, Invalid };

/// Zeroed memory is an empty one.
struct Input {
  Buffer *buffer; // there while a flow runs and while there is input
  uint32_t begin, end;
  uint32_t scanned; // no message ends before this place
  uint32_t taken;   // of the message that a flow has

  bool isEmpty() const { return begin == end; }
  char *at(uint32_t place) const { return buffer->bytes + place; }

  /// Looks for a message at the beginning. Looks at every byte once.
  Found find(const flux_net_options &options, Message &message);

  /// Makes room behind the input: false if there are `limit` bytes already, or no memory.
  bool makeRoom(uint32_t limit);

  /// Forgets the message that a flow had.
  void consume();

  /// Takes up to `size` bytes behind the message that a flow has. Returns how many.
  size_t takeBehind(void *data, size_t size);

  /// Gives the buffer back, and what is in it.
  void clear(Stock &stock);
};

} // namespace flux::net

#endif // FLUX_NET_INPUT_H

#include "input.h"

#include <algorithm>
#include <stdlib.h>
#include <string.h>

namespace flux::net {

namespace {

Buffer *makeBuffer(uint32_t capacity) {
  auto *buffer = static_cast<Buffer *>(malloc(sizeof(Buffer) + capacity));
  if (buffer)
    buffer->capacity = capacity;
  return buffer;
}

} // namespace

Buffer *Stock::take() {
  if (!ready) {
    numReturned.store(0, std::memory_order_relaxed);
    // Acquire: sees what those who gave them back did with them. Taking the whole list rules out the ABA problem.
    ready = returned.exchange(nullptr, std::memory_order_acquire);
  }
  Buffer *taken = ready;
  if (!taken)
    return makeBuffer(Buffer::kLeast);
  ready = taken->next;
  return taken;
}

void Stock::giveBack(Buffer *buffer) {
  if (buffer->capacity != Buffer::kLeast || numReturned.fetch_add(1, std::memory_order_relaxed) >= kLimit)
    return free(buffer);
  buffer->next = returned.load(std::memory_order_relaxed);
  // Release: pairs with take().
  while (!returned.compare_exchange_weak(buffer->next, buffer, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

namespace {

Found findLine(Input &input, Message &message) {
  char *at = input.at(input.scanned);
  auto *newline = static_cast<char *>(memchr(at, '\n', input.end - input.scanned));
  input.scanned = input.end;
  if (!newline)
    return Found::Part;
  char *begin = input.at(input.begin), *end = newline;
  if (end > begin && end[-1] == '\r')
    --end;
  *end = '\0';
  message = {input.begin, static_cast<uint32_t>(end - begin), static_cast<uint32_t>(newline + 1 - begin)};
  return Found::Whole;
}

Found findLength(const Input &input, const flux_net_options &options, Message &message) {
  const uint32_t there = input.end - input.begin, prefix = options.length_bytes;
  if (there < prefix)
    return Found::Part;
  uint64_t length = 0;
  for (uint32_t i = 0; i < prefix; ++i)
    length = length << 8 | static_cast<unsigned char>(*input.at(input.begin + i));
  if (length > options.max_message)
    return Found::Invalid;
  if (there - prefix < length)
    return Found::Part;
  message = {input.begin + prefix, static_cast<uint32_t>(length), prefix + static_cast<uint32_t>(length)};
  return Found::Whole;
}

Found findCustom(const Input &input, const flux_net_options &options, Message &message) {
  const uint32_t there = input.end - input.begin;
  const ptrdiff_t length = options.find(input.at(input.begin), there);
  if (length == FLUX_NET_MORE)
    return Found::Part;
  if (length < 0 || static_cast<size_t>(length) > there)
    return Found::Invalid;
  message = {input.begin, static_cast<uint32_t>(length), static_cast<uint32_t>(length)};
  return Found::Whole;
}

} // namespace

Found Input::find(const flux_net_options &options, Message &message) {
  if (options.frame == FLUX_NET_CONNECTION) {
    message = {begin, 0, 0};
    return Found::Whole;
  }
  if (isEmpty() || scanned == end)
    return Found::Part;
  Found found = Found::Whole;
  switch (options.frame) {
  case FLUX_NET_LINE:
    found = findLine(*this, message);
    break;
  case FLUX_NET_LENGTH:
    found = findLength(*this, options, message);
    break;
  case FLUX_NET_CUSTOM:
    found = findCustom(*this, options, message);
    break;
  default: {
    const uint32_t length = std::min(end - begin, options.max_message);
    message = {begin, length, length};
    break;
  }
  }
  if (found == Found::Part)
    scanned = end;
  else if (found == Found::Whole)
    scanned = begin + (taken = message.taken);
  return found == Found::Whole && message.length > options.max_message ? Found::Invalid : found;
}

bool Input::makeRoom(uint32_t limit) {
  if (end < buffer->capacity)
    return true;
  if (begin != 0) {
    memmove(buffer->bytes, at(begin), end - begin);
    scanned -= begin;
    end -= begin;
    begin = 0;
    return true;
  }
  if (buffer->capacity >= limit)
    return false;
  const uint32_t wanted = buffer->capacity < limit / 2 ? buffer->capacity * 2 : limit;
  Buffer *grown = makeBuffer(wanted);
  if (!grown)
    return false;
  memcpy(grown->bytes, buffer->bytes, end);
  free(buffer);
  buffer = grown;
  return true;
}

void Input::consume() {
  begin += taken;
  taken = 0;
  scanned = begin;
}

size_t Input::takeBehind(void *data, size_t size) {
  const uint32_t place = begin + taken;
  const size_t count = std::min<size_t>(size, end - place);
  if (count == 0)
    return 0;
  memcpy(data, at(place), count);
  taken += static_cast<uint32_t>(count);
  scanned = std::max(scanned, begin + taken);
  return count;
}

void Input::clear(Stock &stock) {
  if (buffer)
    stock.giveBack(buffer);
  *this = {};
}

} // namespace flux::net

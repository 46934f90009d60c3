#include "fiber/own_state.h"

#include "core/os/real.h"

#include <atomic>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

namespace flux {

namespace {

constexpr unsigned kKeys = kSpecificsOfPage * kSpecificPages;
static_assert(kKeys >= PTHREAD_KEYS_MAX);

/// What is known of a key. Relaxed throughout: who uses a key has been told of it by the one that has created it.
struct Key {
  std::atomic<uint32_t> generation; // odd: it exists
  std::atomic<void (*)(void *)> destroy;
};
Key keys[kKeys];

uint32_t generationOf(pthread_key_t key) { return keys[key].generation.load(std::memory_order_relaxed); }

/// Set before the constructors of all libraries, and behind a sanitizer's, whose own library is linked first.
bool hasProgramBegun = false;
__attribute__((section(".preinit_array"), used)) void (*const begin)() = [] { hasProgramBegun = true; };

/// What no thread can block, libc's own two among it.
constexpr uint64_t kNeverBlocked = uint64_t(1) << (SIGKILL - 1) | uint64_t(1) << (SIGSTOP - 1) | uint64_t(3) << 31;

} // namespace

locale_t OwnState::useLocale(locale_t wanted) {
  const locale_t before = real::uselocale(wanted);
  if (wanted && before && !(changed & kLocale)) {
    threadLocale = before;
    changed |= kLocale;
  }
  return before;
}

int OwnState::changeMask(int how, const sigset_t *set, sigset_t *old) {
  if (set && how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
    return EINVAL;
  const uint64_t before = changed & kMask ? mask.signals() : threadSignals();
  if (set) {
    const uint64_t given = bitsOf(*set) & ~kNeverBlocked;
    if (!(changed & kMask))
      mask.begin();
    changed |= kMask;
    mask.change(how == SIG_BLOCK ? before | given : how == SIG_UNBLOCK ? before & ~given : given);
  }
  if (old) {
    sigemptyset(old);
    memcpy(old, &before, sizeof before);
  }
  return 0;
}

/// What is as the thread has it, whoever has brought that about, is no longer the flow's own.
void OwnState::putAway() {
  if ((changed & kMask) && !mask.putAway()) {
    mask.end();
    changed &= static_cast<uint8_t>(~kMask);
  }
  if (changed & kLocale) {
    locale = real::uselocale(threadLocale);
    if (locale == threadLocale)
      changed &= static_cast<uint8_t>(~kLocale);
  }
}

void OwnState::bringBack() {
  if (changed & kMask)
    mask.bringBack();
  if (changed & kLocale)
    threadLocale = real::uselocale(locale);
}

bool isKeyOfProgram(pthread_key_t key) { return key < kKeys && (generationOf(key) & 1); }

void noteKey(pthread_key_t key, void (*destroy)(void *)) {
  if (!hasProgramBegun)
    return;
  keys[key].destroy.store(destroy, std::memory_order_relaxed);
  keys[key].generation.fetch_add(1, std::memory_order_relaxed);
}

void forgetKey(pthread_key_t key) {
  if (isKeyOfProgram(key))
    keys[key].generation.fetch_add(1, std::memory_order_relaxed);
}

void *OwnState::specific(pthread_key_t key) const {
  if (!specifics[key / kSpecificsOfPage])
    return nullptr;
  const Specific &specific = specifics[key / kSpecificsOfPage][key % kSpecificsOfPage];
  return specific.generation == generationOf(key) ? specific.value : nullptr;
}

int OwnState::setSpecific(pthread_key_t key, const void *value) {
  Specific *&page = specifics[key / kSpecificsOfPage];
  if (!page && !value)
    return 0;
  if (!page) {
    // Not by an allocator: one may be what calls.
    void *memory =
        mmap(nullptr, kSpecificsOfPage * sizeof(Specific), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      return ENOMEM;
    page = static_cast<Specific *>(memory);
  }
  page[key % kSpecificsOfPage] = {const_cast<void *>(value), generationOf(key)};
  return 0;
}

void OwnState::destroySpecific(pthread_key_t key, bool &again) {
  void *value = isKeyOfProgram(key) ? specific(key) : nullptr;
  if (!value)
    return;
  specifics[key / kSpecificsOfPage][key % kSpecificsOfPage].value = nullptr;
  if (auto *destroy = keys[key].destroy.load(std::memory_order_relaxed)) {
    destroy(value);
    again = true;
  }
}

static thread_local OwnState *endingHere;

OwnState *OwnState::ending() { return endingHere; }

void OwnState::destroySpecifics() {
  endingHere = this;
  bool again = true;
  for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    again = false;
    for (unsigned page = 0; page < kSpecificPages; ++page)
      for (pthread_key_t i = 0; specifics[page] && i < kSpecificsOfPage; ++i)
        destroySpecific(page * kSpecificsOfPage + i, again);
  }
  for (Specific *&page : specifics) {
    if (page)
      munmap(page, kSpecificsOfPage * sizeof(Specific));
    page = nullptr;
  }
  endingHere = nullptr;
}

} // namespace flux

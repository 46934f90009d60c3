/// libc_streams.h - the list of all open streams, as glibc keeps it.
#ifndef FLUX_CORE_OS_LIBC_STREAMS_H
#define FLUX_CORE_OS_LIBC_STREAMS_H

#include <stdio.h>

// Exported by glibc for whoever walks the list, since 2.2.5, in the static library too. Their header is gone.
extern "C" {
FILE *_IO_iter_begin(void);
FILE *_IO_iter_end(void);
FILE *_IO_iter_next(FILE *position);
FILE *_IO_iter_file(FILE *position);
void _IO_list_lock(void);
void _IO_list_unlock(void);
void _IO_un_link(FILE *stream);
}

namespace flux {

/// Whether the stream is one of dprintf(), on the stack of the thread that calls it, which has no lock (up to glibc
/// 2.36). Nobody else may use it. Under the list's lock, which orders it behind the opening of the stream:
/// ThreadSanitizer, which does not see that lock, must not look.
__attribute__((no_sanitize_thread)) inline bool isOnStack(const FILE &stream) { return !stream._lock; }

/// Calls `action` with each stream, which it may take out of the list. Under the list's lock, or in a new child of a
/// fork().
template <typename Action> void forEachLibcStream(Action action) {
  for (FILE *position = _IO_iter_begin(), *next; position != _IO_iter_end(); position = next) {
    next = _IO_iter_next(position);
    action(*_IO_iter_file(position));
  }
}

} // namespace flux

#endif // FLUX_CORE_OS_LIBC_STREAMS_H

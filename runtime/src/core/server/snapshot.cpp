#include "core/server/snapshot.h"

#include "core/function_kind.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/promise.h"
#include "core/runtime.h"
#include "core/server/options.h"
#include "flux/flux.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flux {

namespace {

void writeString(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; ++text) {
    const auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c < 0x20)
      fprintf(out, "\\u%04x", c);
    else
      fputc(c, out);
  }
  fputc('"', out);
}

/// Begins the next object of an array with its name.
void beginNamed(FILE *out, uint64_t i, const char *name) {
  fputs(i > 0 ? ",{\"name\":" : "{\"name\":", out);
  writeString(out, name);
}

void writeSources(FILE *out, const Counters &total) {
  fputs("\"sources\":[", out);
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    const flux_ir_source &source = runtime.program->sources[i];
    const SourceCounters &counters = total.sources[i];
    beginNamed(out, i, source.name);
    fputs(",\"target\":", out);
    writeString(out, source.target);
    const bool ended = counters.begun > 0 && counters.ended == counters.begun;
    fprintf(out, ",\"polls\":%" PRIu64 ",\"flows\":%" PRIu64 ",\"failures\":%" PRIu64 ",\"ended\":%s}", counters.polls,
            counters.flows, counters.failures, ended ? "true" : "false");
  }
  fputs("],", out);
}

void writeFunctions(FILE *out, const Counters &total) {
  fputs("\"functions\":[", out);
  for (uint64_t i = 0; i < runtime.program->num_functions; ++i) {
    const flux_ir_function &function = runtime.program->functions[i];
    beginNamed(out, i, function.name);
    fprintf(out, ",\"kind\":\"%s\"", kindName(function));
    if (function.kind == FLUX_IR_NODE || function.kind == FLUX_IR_FLOW)
      fprintf(out, ",\"calls\":%" PRIu64 ",\"errors\":%" PRIu64, total.functions[i].calls, total.functions[i].errors);
    if (function.flags & FLUX_IR_NONBLOCKING)
      fprintf(out, ",\"broken_promises\":%" PRIu64, unexpectedWaits(i));
    if (function.flags & FLUX_IR_GUARDED)
      fprintf(out, ",\"unexpected_waits\":%" PRIu64, unexpectedWaits(i));
    fputc('}', out);
  }
  fputs("],", out);
}

void writeLocks(FILE *out, const Counters &total) {
  fputs("\"locks\":[", out);
  for (uint64_t i = 0; i < runtime.program->num_locks; ++i) {
    const flux_ir_lock &lock = runtime.program->locks[i];
    const LockCounters &counters = total.locks[i];
    beginNamed(out, i, lock.name);
    fprintf(out, ",\"session\":%s,\"acquisitions\":%" PRIu64 ",\"contended\":%" PRIu64 ",\"wait_ns\":%" PRIu64 "}",
            lock.session ? "true" : "false", counters.acquisitions, counters.contended, counters.waitNs);
  }
  fputc(']', out);
}

void writeMembers(FILE *out, const Counters &total) {
  uint64_t started = 0;
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    started += total.sources[i].flows;
  // Counted before `started`: the difference is not negative.
  const uint64_t gone = total.flowsDone + total.flowsLost;

  fputs("{\"program\":", out);
  writeString(out, runtime.program->name);
  fprintf(out, ",\"model\":\"%s\",\"pid\":%d,\"uptime_ms\":%" PRIu64 ",\"stopping\":%s,", runtime.model->name,
          static_cast<int>(getpid()), (nowNs() - runtime.startNs) / kNsPerMs, flux_stopping() ? "true" : "false");
  fprintf(out, "\"flows\":{\"started\":%" PRIu64 ",\"done\":%" PRIu64 ",\"in_flight\":%" PRIu64 "},", started,
          total.flowsDone, started > gone ? started - gone : 0);
  fprintf(out, "\"errors\":{\"handled\":%" PRIu64 ",\"unhandled\":%" PRIu64 "},", total.handled, total.unhandled);
  fprintf(out, "\"sessions_live\":%" PRIu64 ",", runtime.model->locks->liveSessions());
  if (runtime.model->snapshot)
    runtime.model->snapshot(out);
  writeSources(out, total);
  writeFunctions(out, total);
  writeLocks(out, total);
  fputs("}\n", out);
}

bool writeAll(int descriptor, const char *text, size_t length) {
  while (length > 0) {
    const ssize_t written = write(descriptor, text, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    text += written;
    length -= static_cast<size_t>(written);
  }
  return true;
}

/// Opens `file`, writes and closes it. On failure errno is the first error.
bool writeFile(const char *file, int flags, const char *text, size_t length) {
  const int descriptor = open(file, O_WRONLY | O_CLOEXEC | flags, 0644);
  if (descriptor < 0)
    return false;
  const bool written = writeAll(descriptor, text, length);
  const int error = errno;
  const bool closed = close(descriptor) == 0;
  if (!written)
    errno = error;
  return written && closed;
}

/// Writes beside the file and renames, so that a reader sees an old or a new snapshot, never half of one. What is not
/// a regular file (a device, a pipe) is written to instead: renaming would put a file in its place.
bool replaceFile(const char *file, const char *text, size_t length) {
  struct stat known;
  if (stat(file, &known) == 0 && !S_ISREG(known.st_mode))
    return writeFile(file, O_NONBLOCK, text, length); // without a reader a pipe is an error, not a wait

  char beside[PATH_MAX];
  const int size = snprintf(beside, sizeof beside, "%s.%d.tmp", file, static_cast<int>(getpid()));
  if (size < 0 || static_cast<size_t>(size) >= sizeof beside) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (writeFile(beside, O_CREAT | O_TRUNC, text, length) && rename(beside, file) == 0)
    return true;
  const int error = errno;
  unlink(beside);
  errno = error;
  return false;
}

} // namespace

char *formatSnapshot(size_t &length) {
  Counters total = {};
  const flux_ir_program_t &program = *runtime.program;
  total.functions = static_cast<flux_ir_counters *>(calloc(program.num_functions + 1, sizeof(flux_ir_counters)));
  total.locks = static_cast<LockCounters *>(calloc(program.num_locks + 1, sizeof(LockCounters)));
  total.sources = static_cast<SourceCounters *>(calloc(program.num_sources + 1, sizeof(SourceCounters)));
  char *text = nullptr;
  FILE *out = total.functions && total.locks && total.sources ? open_memstream(&text, &length) : nullptr;
  if (out) {
    sumCounters(total);
    writeMembers(out, total);
    const bool failed = ferror(out);
    if (fclose(out) != 0 || failed) {
      free(text);
      text = nullptr;
    }
  }
  free(total.functions);
  free(total.locks);
  free(total.sources);
  return text;
}

void writeSnapshot() {
  size_t length;
  char *text = formatSnapshot(length);
  if (!text) {
    logMessage("out of memory for a snapshot");
    return;
  }
  if (!coreOptions.snapshotFile)
    writeAll(STDERR_FILENO, text, length);
  else if (!replaceFile(coreOptions.snapshotFile, text, length))
    logMessage("cannot write the snapshot '%s': %s", coreOptions.snapshotFile, strerror(errno));
  free(text);
}

} // namespace flux

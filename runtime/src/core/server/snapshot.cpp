#include "core/server/snapshot.h"

#include "core/functions.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "core/runtime.h"
#include "core/server/json_figures.h"
#include "core/server/options.h"
#include "flux/flux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flux {

namespace {

void offerSources(Figures &figures, const Counters &total) {
  figures.beginList("sources");
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i) {
    const flux_ir_source &source = runtime.program->sources[i];
    const SourceCounters &counters = total.sources[i];
    figures.beginItem();
    figures.text("name", source.name);
    figures.text("target", source.target);
    figures.count("polls", counters.polls);
    figures.count("flows", counters.flows);
    figures.count("failures", counters.failures);
    figures.flag("ended", counters.begun > 0 && counters.ended == counters.begun);
    figures.end();
  }
  figures.end();
}

void offerFunctions(Figures &figures, const Counters &total) {
  figures.beginList("functions");
  for (uint64_t i = 0; i < runtime.program->num_functions; ++i) {
    const flux_ir_function &function = runtime.program->functions[i];
    figures.beginItem();
    figures.text("name", function.name);
    figures.text("kind", kindName(function));
    if (function.kind == FLUX_IR_NODE || function.kind == FLUX_IR_FLOW) {
      figures.count("calls", total.functions[i].calls);
      figures.count("errors", total.functions[i].errors);
    }
    if (function.flags & FLUX_IR_NONBLOCKING)
      figures.count("broken_promises", peek(runtime.unexpectedWaits[i]));
    if (function.flags & FLUX_IR_GUARDED)
      figures.count("unexpected_waits", peek(runtime.unexpectedWaits[i]));
    figures.end();
  }
  figures.end();
}

void offerLocks(Figures &figures, const Counters &total) {
  figures.beginList("locks");
  for (uint64_t i = 0; i < runtime.program->num_locks; ++i) {
    const flux_ir_lock &lock = runtime.program->locks[i];
    const LockCounters &counters = total.locks[i];
    figures.beginItem();
    figures.text("name", lock.name);
    figures.flag("session", lock.session != 0);
    figures.count("acquisitions", counters.acquisitions);
    figures.count("contended", counters.contended);
    figures.count("wait_ns", counters.waitNs);
    figures.end();
  }
  figures.end();
}

void offerServer(Figures &figures, const Counters &total) {
  uint64_t started = 0;
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    started += total.sources[i].flows;
  // Counted before `started`: the difference is not negative.
  const uint64_t gone = total.flowsDone + total.flowsLost;

  figures.text("program", runtime.program->name);
  figures.text("model", runtime.model->name);
  figures.gauge("pid", static_cast<uint64_t>(getpid()));
  figures.gauge("uptime_ms", (nowNs() - runtime.startNs) / kNsPerMs);
  figures.flag("stopping", flux_stopping());
  figures.beginGroup("flows");
  figures.count("started", started);
  figures.count("done", total.flowsDone);
  figures.gauge("in_flight", started > gone ? started - gone : 0);
  figures.end();
  figures.beginGroup("errors");
  figures.count("handled", total.handled);
  figures.count("unhandled", total.unhandled);
  figures.end();
  figures.gauge("sessions_live", runtime.model->locks->liveSessions());
  if (runtime.model->offer)
    runtime.model->offer(figures);
  offerSources(figures, total);
  offerFunctions(figures, total);
  offerLocks(figures, total);
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
/// a regular file (a device, a pipe) is written to instead: renaming would put a file in its place. In a directory that
/// others may write to, the file beside it could be a link of theirs to any file of ours: it has to be a new one.
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
  unlink(beside); // one that an earlier process of this number has left
  if (writeFile(beside, O_CREAT | O_EXCL, text, length) && rename(beside, file) == 0)
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
    JsonFigures json(out);
    offerServer(json, total);
    json.finish();
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

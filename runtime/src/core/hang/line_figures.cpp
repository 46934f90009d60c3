#include "core/hang/line_figures.h"

#include "core/log.h"
#include "core/runtime.h"

#include <inttypes.h>
#include <stdio.h>

namespace flux {

void LineFigures::log(const char *indent) {
  LineFigures figures(indent);
  if (runtime.model->offer)
    runtime.model->offer(figures);
}

void LineFigures::number(const char *name, uint64_t value) {
  const int added = snprintf(line + length, sizeof line - length, "%s%s %" PRIu64, length ? ", " : "", name, value);
  if (added > 0 && static_cast<size_t>(added) < sizeof line - length)
    length += static_cast<size_t>(added);
}

void LineFigures::end() {
  if (length > 0)
    logMessage("%s%s: %s", indent, title, line);
  length = 0;
}

} // namespace flux

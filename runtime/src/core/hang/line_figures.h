/// line_figures.h - the model's figures in a line for people.
#ifndef FLUX_CORE_HANG_LINE_FIGURES_H
#define FLUX_CORE_HANG_LINE_FIGURES_H

#include "core/figures.h"

#include <stddef.h>

namespace flux {

/// Writes "queue: depth 3, limit 1024" for a group; a line for each group or item.
class LineFigures final : public Figures {
public:
  /// Logs what the model offers, each line behind `indent`. Main thread.
  static void log(const char *indent);

  void count(const char *name, uint64_t value) override { number(name, value); }
  void gauge(const char *name, uint64_t value) override { number(name, value); }
  void rate(const char *, double) override {}
  void histogram(const char *, const Histogram &) override {}
  void id(const char *, int64_t) override {}
  void text(const char *, const char *) override {}
  void flag(const char *, bool) override {}
  void beginGroup(const char *name) override { title = name; }
  void beginList(const char *name) override { title = name; }
  void beginItem() override {}
  void end() override;

private:
  explicit LineFigures(const char *indent) : indent(indent) {}
  void number(const char *name, uint64_t value);

  const char *const indent;
  const char *title = "";
  char line[512] = "";
  size_t length = 0;
};

} // namespace flux

#endif // FLUX_CORE_HANG_LINE_FIGURES_H

/// json_figures.h - figures as JSON.
#ifndef FLUX_CORE_SERVER_JSON_FIGURES_H
#define FLUX_CORE_SERVER_JSON_FIGURES_H

#include "core/figures.h"

#include <stdio.h>

namespace flux {

/// Writes an object whose members are the figures. Errors are the stream's.
class JsonFigures final : public Figures {
public:
  /// Begins the object; finish() ends it. The stream must live as long.
  explicit JsonFigures(FILE *out);
  void finish();

  void count(const char *name, uint64_t value) override { number(name, value); }
  void gauge(const char *name, uint64_t value) override { number(name, value); }
  void text(const char *name, const char *value) override;
  void flag(const char *name, bool value) override;
  void beginGroup(const char *name) override;
  void beginList(const char *name) override;
  void beginItem() override;
  void end() override;

private:
  static constexpr unsigned kDepth = 8;

  void member(const char *name);
  void number(const char *name, uint64_t value);
  void open(char bracket);
  void string(const char *text);

  FILE *const out;
  bool isFirst = true; // of what has been begun
  char closing[kDepth];
  unsigned depth = 0;
};

} // namespace flux

#endif // FLUX_CORE_SERVER_JSON_FIGURES_H

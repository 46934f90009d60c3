/// json_figures.h - figures as JSON.
#ifndef FLUX_CORE_SERVER_JSON_FIGURES_H
#define FLUX_CORE_SERVER_JSON_FIGURES_H

#include "core/figures.h"
#include "core/text.h"

namespace flux {

/// Writes an object whose members are the figures. For people, each of its members begins a line, and so does each item
/// of a list.
class JsonFigures final : public Figures {
public:
  /// Begins the object; finish() ends it, with a line's end. The text must live as long.
  explicit JsonFigures(Text &out);
  void finish();

  void count(const char *name, uint64_t value) override;
  void gauge(const char *name, uint64_t value) override { count(name, value); }
  void rate(const char *name, double perSecond) override;
  void histogram(const char *name, const Histogram &histogram) override;
  void id(const char *name, int64_t number) override;
  void text(const char *name, const char *value) override;
  void flag(const char *name, bool value) override;
  void beginGroup(const char *name) override;
  void beginList(const char *name) override;
  void beginItem() override;
  void end() override;

private:
  static constexpr unsigned kDepth = 8;

  void beginLine();
  void member(const char *name);
  void open(char bracket);
  void string(const char *text);

  Text &out;
  bool isFirst = true; // of what has been begun
  char closing[kDepth];
  unsigned depth = 0;
};

} // namespace flux

#endif // FLUX_CORE_SERVER_JSON_FIGURES_H

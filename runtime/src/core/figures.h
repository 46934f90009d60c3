/// figures.h - the named values of a server, offered by their owners to whatever shows them.
#ifndef FLUX_CORE_FIGURES_H
#define FLUX_CORE_FIGURES_H

#include "core/counting.h"

#include <stdint.h>

namespace flux {

/// Takes figures, one after the other: values, and groups and lists of them, which are ended by end(). Names live as
/// long as the server, texts as long as the call.
class Figures {
public:
  Figures(const Figures &) = delete;
  Figures &operator=(const Figures &) = delete;

  /// How often something has happened: only goes up.
  virtual void count(const char *name, uint64_t value) = 0;

  /// How much there is of something now.
  virtual void gauge(const char *name, uint64_t value) = 0;

  /// How often a second something happens.
  virtual void rate(const char *name, double perSecond) = 0;

  /// How large the values of something were.
  virtual void histogram(const char *name, const Histogram &histogram) = 0;

  /// Which of many it is.
  virtual void id(const char *name, int64_t number) = 0;

  /// What belongs to something rather than measures it.
  virtual void text(const char *name, const char *value) = 0;
  virtual void flag(const char *name, bool value) = 0;

  /// What follows belongs together under this name.
  virtual void beginGroup(const char *name) = 0;

  /// What follows are several of the same kind, each of which begins with beginItem().
  virtual void beginList(const char *name) = 0;
  virtual void beginItem() = 0;

  /// Ends the latest of these that has not been ended.
  virtual void end() = 0;

protected:
  Figures() = default;
  ~Figures() = default;
};

} // namespace flux

#endif // FLUX_CORE_FIGURES_H

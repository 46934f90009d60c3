// stock.h - exchanges that no connection needs at the moment, kept for the next requests.
#ifndef WEB_STOCK_H
#define WEB_STOCK_H

#include "connection.h"

#include <atomic>
#include <memory>

namespace web {

/// Requests take what they need from here and allocate nothing. There is one for each poller, since all exchanges begin
/// in Listen, while they end wherever flows do: a stock for each thread would fill on threads that never take anything.
///
/// At most `limit` exchanges are ready and about as many returned; any more are freed.
class Stock {
public:
  Stock() = default;
  Stock(const Stock &) = delete;
  ~Stock();

  /// Takes or makes an exchange; null without memory. Listen's own.
  std::unique_ptr<Exchange> take();

  /// Gives one back that holds no document. Any thread.
  void giveBack(std::unique_ptr<Exchange> exchange);

private:
  static constexpr unsigned limit = 64;

  Exchange *ready = nullptr; // Listen's
  std::atomic<Exchange *> returned{nullptr};
  std::atomic<unsigned> numReturned{0}; // a few more or less while others return theirs
};

} // namespace web

#endif // WEB_STOCK_H

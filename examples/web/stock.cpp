// stock.cpp - keeping exchanges.
#include "stock.h"

#include <new>

namespace web {
namespace {

/// Keeps the capacity that one unusual request needed from staying for good.
void recycle(std::string &s) {
  s.clear();
  if (s.capacity() > ownBuffer)
    s.shrink_to_fit();
}

void destroy(Exchange *list) {
  while (Exchange *exchange = list) {
    list = exchange->next;
    delete exchange;
  }
}

} // namespace

Stock::~Stock() {
  destroy(ready);
  destroy(returned.load(std::memory_order_acquire));
}

std::unique_ptr<Exchange> Stock::take() {
  if (!ready) {
    numReturned.store(0, std::memory_order_relaxed);
    // Acquire: sees what the ones who gave them back did with them. Taking the whole list rules out the ABA problem.
    ready = returned.exchange(nullptr, std::memory_order_acquire);
  }
  if (!ready)
    return std::unique_ptr<Exchange>(new (std::nothrow) Exchange);
  std::unique_ptr<Exchange> taken(ready);
  ready = taken->next;
  return taken;
}

void Stock::giveBack(std::unique_ptr<Exchange> exchange) {
  if (numReturned.fetch_add(1, std::memory_order_relaxed) >= limit)
    return;
  recycle(exchange->path);
  recycle(exchange->head);
  exchange->grown.reset();
  Exchange *given = exchange.release();
  given->next = returned.load(std::memory_order_relaxed);
  // Release: pairs with take().
  while (!returned.compare_exchange_weak(given->next, given, std::memory_order_release, std::memory_order_relaxed))
    ;
}

} // namespace web

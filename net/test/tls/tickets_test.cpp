/// tickets_test.cpp - the keys of tickets, as time passes.
#include "tls/tickets.h"

#include <gtest/gtest.h>
#include <string.h>
#include <string>
#include <time.h>

using flux::net::tls::Tickets;

namespace {

std::string bytes(const Tickets::Keys &keys) { return {reinterpret_cast<const char *>(&keys), sizeof keys}; }

/// The beginning of the next period but `periods`.
int64_t later(int64_t periods) { return (time(nullptr) / Tickets::kPeriod + periods) * Tickets::kPeriod; }

Tickets::Keys presentAt(Tickets &tickets, int64_t now) {
  Tickets::Keys keys;
  EXPECT_TRUE(tickets.present(now, keys));
  return keys;
}

Tickets::Known findAt(Tickets &tickets, int64_t now, Tickets::Keys keys) {
  const std::string wanted = bytes(keys);
  memset(keys.cipher, 0, sizeof keys.cipher);
  memset(keys.mac, 0, sizeof keys.mac);
  const Tickets::Known known = tickets.find(now, keys);
  if (known != Tickets::Not)
    EXPECT_EQ(bytes(keys), wanted);
  return known;
}

/// A key is made for a period, known for another, and then forgotten.
TEST(TicketsTest, Periods) {
  Tickets tickets;
  ASSERT_TRUE(tickets.begin());
  const Tickets::Keys first = presentAt(tickets, later(1));
  EXPECT_EQ(bytes(presentAt(tickets, later(2) - 1)), bytes(first));
  EXPECT_EQ(findAt(tickets, later(2) - 1, first), Tickets::Present);
  EXPECT_EQ(findAt(tickets, later(2), first), Tickets::Former);
  EXPECT_EQ(findAt(tickets, later(3) - 1, first), Tickets::Former);
  EXPECT_EQ(findAt(tickets, later(3), first), Tickets::Not);
  EXPECT_EQ(findAt(tickets, later(1), first), Tickets::Not); // the clock is set back
}

/// No two periods have anything in common, nor have two servers.
TEST(TicketsTest, Differ) {
  Tickets tickets, others;
  ASSERT_TRUE(tickets.begin() && others.begin());
  const Tickets::Keys first = presentAt(tickets, later(1)), second = presentAt(tickets, later(2));
  EXPECT_NE(memcmp(first.name, second.name, sizeof first.name), 0);
  EXPECT_NE(memcmp(first.cipher, second.cipher, sizeof first.cipher), 0);
  EXPECT_NE(memcmp(first.mac, second.mac, sizeof first.mac), 0);
  EXPECT_NE(memcmp(first.cipher, first.mac, sizeof first.mac), 0);
  EXPECT_EQ(findAt(others, later(2), second), Tickets::Not);
}

/// Processes that have been made of one have the same keys, however often each has looked.
TEST(TicketsTest, Processes) {
  Tickets parent;
  ASSERT_TRUE(parent.begin());
  Tickets child;
  memcpy(static_cast<void *>(&child), static_cast<const void *>(&parent), sizeof child); // as fork() does
  for (int64_t i = 1; i < 5; ++i)
    presentAt(parent, later(i));
  EXPECT_EQ(bytes(presentAt(child, later(5))), bytes(presentAt(parent, later(5))));
  EXPECT_EQ(findAt(child, later(6), presentAt(parent, later(5))), Tickets::Former);
}

} // namespace

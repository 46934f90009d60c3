/// mutex.h - a mutex of the program's kind, which flows of a loop wait for parked.
#ifndef FLUX_NET_MUTEX_H
#define FLUX_NET_MUTEX_H

#include <pthread.h>

namespace flux::net {

class Mutex {
public:
  void lock() { pthread_mutex_lock(&mutex); }
  void unlock() { pthread_mutex_unlock(&mutex); }

private:
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

/// Holds a mutex while it lives.
class Locked {
public:
  explicit Locked(Mutex &locked) : mutex(locked) { mutex.lock(); }
  ~Locked() { mutex.unlock(); }
  Locked(const Locked &) = delete;
  Locked &operator=(const Locked &) = delete;

private:
  Mutex &mutex;
};

} // namespace flux::net

#endif // FLUX_NET_MUTEX_H

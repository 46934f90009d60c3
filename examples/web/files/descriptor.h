// descriptor.h - a descriptor that closes itself.
#ifndef WEB_FILES_DESCRIPTOR_H
#define WEB_FILES_DESCRIPTOR_H

#include <unistd.h>
#include <utility>

namespace web {

class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  Descriptor(Descriptor &&other) noexcept : number(std::exchange(other.number, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(number, other.number);
    return *this;
  }
  ~Descriptor() {
    if (number >= 0)
      close(number);
  }

  /// Negative if there is none.
  int get() const { return number; }
  /// It is somebody else's from here on.
  int release() { return std::exchange(number, -1); }

  bool isOpen() const { return number >= 0; }

private:
  int number;
};

} // namespace web

#endif // WEB_FILES_DESCRIPTOR_H

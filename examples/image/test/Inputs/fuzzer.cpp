// fuzzer.cpp - what a client and a file can say together: a query, an end of line, and the bytes of a picture.
#include "pictures/decode.h"
#include "pictures/encode.h"
#include "pictures/orientation.h"
#include "pictures/scale.h"

#include <cstdlib>
#include <cstring>

using namespace image;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const auto *end = static_cast<const uint8_t *>(size ? memchr(data, '\n', size) : nullptr);
  if (!end)
    return 0;
  Order order;
  Picture picture;
  std::string problem;
  setMaxPixels(1 << 18);
  const bool isRight = readParameters(std::string(data, end).c_str(), order, problem);
  if (isRight != problem.empty())
    abort();
  // A copy of just that size, so that the sanitizer sees what is read behind it.
  const std::vector<uint8_t> file(end + 1, data + size);
  if (!isRight || decode(file.data(), file.size(), order, picture) != 0)
    return 0;
  const Window window = fitInto(order, picture.fullWidth, picture.fullHeight, picture.orientation);
  scale(window, picture);
  makeUpright(picture);
  if ((order.width && picture.width > order.width) || (order.height && picture.height > order.height))
    abort();
  Encoded encoded;
  order.takesWebp = file.size() % 2;
  if (encode(picture, order.quality, order.takesWebp, encoded) != 0 || encoded.bytes.empty())
    abort();
  return 0;
}

// order.h - what a request asks for.
#ifndef IMAGE_REQUEST_ORDER_H
#define IMAGE_REQUEST_ORDER_H

#include <flux/http.h>

#include <cstdint>
#include <string>

namespace image {

enum class Fit {
  Contain, ///< all of the picture, within the box
  Cover    ///< all of the box, by the middle of the picture
};

struct Order {
  std::string path; ///< of the original, as decoded from the target
  int width = 0;    ///< 0: whatever the height makes it
  int height = 0;   ///< likewise
  Fit fit = Fit::Contain;
  int quality = 80; ///< 1 to 100, of JPEG and WebP
  bool takesWebp = false;

  /// Names the result: orders for the same one have the same key.
  std::string key() const;
};

/// The widest and highest result that may be asked for: more than WebP can have helps nobody.
constexpr int maxSide = 16383;

/// Reads a request into `order`. Returns false, and says in `problem` what is wrong with its parameters.
bool readOrder(const flux_http_request *request, Order &order, std::string &problem);

/// The same of a path's query, null for none.
bool readParameters(const char *query, Order &order, std::string &problem);

} // namespace image

#endif // IMAGE_REQUEST_ORDER_H

// order.cpp - what a request asks for.
#include "request/order.h"

namespace image {

std::string Order::key() const {
  std::string key = path;
  key += '\0'; // no path has it
  for (int number : {width, height, static_cast<int>(fit), quality, static_cast<int>(takesWebp)})
    key.append(std::to_string(number)).append(",");
  return key;
}

bool readOrder(const flux_http_request *request, Order &order, std::string &problem) {
  size_t length;
  const char *path = flux_http_path(request, &length);
  order.path.assign(path, length);
  order.takesWebp = flux_http_lists(request, "Accept", "image/webp");
  return readParameters(flux_http_query(request, nullptr), order, problem);
}

} // namespace image

// parameters.cpp - what stands behind the question mark.
#include "request/order.h"

#include <charconv>
#include <string_view>

namespace image {
namespace {

bool readNumber(std::string_view name, std::string_view text, int high, int &number, std::string &problem) {
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= 1 && number <= high)
    return true;
  problem.append(name).append(" takes a number from 1 to ").append(std::to_string(high));
  problem.append(", but got '").append(text).append("'");
  return false;
}

bool readFit(std::string_view text, Fit &fit, std::string &problem) {
  fit = text == "cover" ? Fit::Cover : Fit::Contain;
  if (text == "cover" || text == "contain")
    return true;
  problem.append("fit takes 'contain' or 'cover', but got '").append(text).append("'");
  return false;
}

/// One of NAME=VALUE. Which there were is remembered in `seen`, a bit for each.
bool readParameter(std::string_view parameter, Order &order, unsigned &seen, std::string &problem) {
  static constexpr std::string_view names[] = {"width", "height", "fit", "quality"};
  const size_t equals = parameter.find('=');
  const std::string_view name = parameter.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : parameter.substr(equals + 1);
  unsigned index = 0;
  while (index < std::size(names) && name != names[index])
    ++index;
  if (index == std::size(names)) {
    problem.append("unknown parameter '").append(name).append("'; expected width, height, fit or quality");
    return false;
  }
  if (seen & 1u << index) {
    problem.append(name).append(" is given twice");
    return false;
  }
  seen |= 1u << index;
  switch (index) {
  case 0:
    return readNumber(name, value, maxSide, order.width, problem);
  case 1:
    return readNumber(name, value, maxSide, order.height, problem);
  case 2:
    return readFit(value, order.fit, problem);
  default:
    return readNumber(name, value, 100, order.quality, problem);
  }
}

} // namespace

bool readParameters(const char *query, Order &order, std::string &problem) {
  unsigned seen = 0;
  std::string_view rest = query ? query : "";
  while (!rest.empty()) {
    const size_t end = rest.find('&');
    if (!readParameter(rest.substr(0, end), order, seen, problem))
      return false;
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
  }
  // With one side there is no box to cover, so both are the same picture.
  if (order.width == 0 || order.height == 0)
    order.fit = Fit::Contain;
  return true;
}

} // namespace image

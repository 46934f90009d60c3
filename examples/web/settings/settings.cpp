// settings.cpp - what settings mean to flux/net.
#include "settings/settings.h"

namespace web {

static std::string bracketed(const std::string &address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::string Settings::listen() const {
  std::string list = addresses.empty() ? "*:" + std::to_string(port) : "";
  for (const std::string &address : addresses)
    list.append(list.empty() ? "" : ",").append(bracketed(address)).append(":").append(std::to_string(port));
  return list;
}

std::string Settings::shown() const { return addresses.empty() ? "localhost" : bracketed(addresses.back()); }

} // namespace web

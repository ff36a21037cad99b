// How boards are reached by Bluetooth; section [bluetooth] of config.ini.
#pragma once

#include <string>

namespace bms::bluetooth {

struct Config {
  std::string adapter{};  ///< its address, in the canonical form; empty: the one that there is
};

}  // namespace bms::bluetooth

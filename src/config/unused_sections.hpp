// Sections of config.ini for batteries that never came.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace bms::config {

struct UnusedSection {
  int line = 0;
  std::string message;
  bool mistaken = false;  ///< surely or probably; otherwise it may be for another port
};

/// The sections for batteries of which none has any of these `names`. `port`: whose batteries they are the names of.
[[nodiscard]] std::vector<UnusedSection> unused_sections(const Config& config, std::span<const std::string_view> names,
                                                         std::string_view port);

}  // namespace bms::config

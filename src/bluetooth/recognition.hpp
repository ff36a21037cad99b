// What a device that advertises may be. An advertisement orders suspicion and proves nothing, so there are three
// answers and none of them is "yes": what is certain enough to be proposed to its owner, what may be asked if he wants
// it, and what is none of ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bluetooth/advertisement.hpp"
#include "family.hpp"

namespace bms::bluetooth {

enum class Certainty : std::uint8_t {
  none,     ///< nothing speaks for a board of ours
  maybe,    ///< only its answer would tell
  certain,  ///< hardly anything else looks like this
};

/// "none", "maybe", "certain".
[[nodiscard]] std::string_view name_of(Certainty certainty);

struct Recognition {
  Certainty certainty = Certainty::none;
  std::vector<const Family*> suspects{};  ///< in the order in which they are worth being asked for; empty with `none`
  std::string_view look_alike{};          ///< another make that it rather is; then it is never certain
  std::string why{};                      ///< one sentence without its full stop: "its name is one that JBD gives"
};

[[nodiscard]] Recognition recognise(const Advertisement& advertisement);

}  // namespace bms::bluetooth

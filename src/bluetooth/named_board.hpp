// Named boards, and what is in the way of a connection with one.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bluetooth/recovery.hpp"
#include "module_login.hpp"
#include "on_air.hpp"

namespace bms::bluetooth {

/// A board that somebody has named.
struct NamedBoard {
  std::string address;              ///< in its canonical form
  std::string adapter;              ///< likewise; empty: the one that there is
  std::vector<GattLayout> layouts;  ///< what it may have, the likeliest first
  /// How its module is told a password, or, without one, asked whether it wants one; empty: it has no such module.
  std::function<std::unique_ptr<ModuleLogin>()> login{};
  bool has_password = false;  ///< without one the module is asked only when the board answers nothing
};

/// What was in the way.
struct Setback {
  Failure why;
  std::string words;
};

/// Of a board of which nothing comes.
inline constexpr const char* not_heard =
    "it is not heard: out of range, switched off, or in use by a phone or another system, while which it does not "
    "advertise";

/// One step of an attempt.
using Step = std::expected<void, Setback>;

}  // namespace bms::bluetooth

// Lets options that nobody has set follow those that somebody has, by the table of rules.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/rules.hpp"
#include "config/settings.hpp"

namespace bms::config {

/// Moves every option that is not in `settings.fit.set`, and records in `settings.fit.followed` what has moved.
/// Precondition: nothing has followed yet.
void let_follow(Settings& settings);

/// Takes all of that back.
void undo_following(Settings& settings);

/// The first rule that does not hold, of those first whose yielding option somebody has set: what only follows is put
/// right with it. Null: everything fits together.
[[nodiscard]] const OrderRule* broken_rule(Settings& settings);

/// The value of the option that yields at which the rule holds.
[[nodiscard]] double bound_of(const OrderRule& rule, Settings& settings);

/// What no option names, and follows from others. To be called when all of them are settled.
void derive(Settings& settings);

/// A number that somebody has chosen while the battery is in use.
struct Choice {
  std::string_view option;
  double value;
};

/// The settings as if the choices stood in the file: what nobody has set follows them, and what contradicts them
/// yields.
[[nodiscard]] Settings with_choices(Settings settings, std::span<const Choice> choices);

}  // namespace bms::config

// Judging from a status whether a FET has done what it was told. Acknowledgements prove nothing: a board says "done"
// and takes seconds (recorded session on a 22S board, syssi/esphome-ant-bms, docs/).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ant/ant_status.hpp"
#include "bms/command.hpp"
#include "bms/error.hpp"

namespace bms::ant {

/// A FET that was switched on took 5.4 s, so 10 s decide.
inline constexpr auto time_between_checks = std::chrono::milliseconds(700);
inline constexpr int most_checks = 13;

/// The reason of that FET in words, with its number: "switched off by hand (code 15)".
[[nodiscard]] std::string fet_reason(const Status& status, Fet fet);

/// The outcome of switching if the status shows it, else nothing yet. A FET that was released and is held open by a
/// protection is a success; the text tells which.
[[nodiscard]] std::optional<CommandResult> shown(const Status& status, Fet fet, bool on);

/// The error when the status has not shown it to the end.
[[nodiscard]] Error not_shown(const Status& status, Fet fet, bool on);

/// The balancer's code in words, with its number.
[[nodiscard]] std::string balancer_text(const Status& status);
[[nodiscard]] bool balancer_active(const Status& status);

}  // namespace bms::ant

// Whether a reading can be true. A checksum says that bytes arrived as they were sent, most of the time; this says
// that they describe a battery.
#pragma once

#include "bms/error.hpp"
#include "bms/protocol.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// Checks one reading against the bounds of its family: every value finite and in range, cells present and agreeing
/// with the pack's voltage. A single cell at 0 V is believed (broken sense wire) and the sum is then not compared.
/// Errors: ErrorKind::implausible, naming the value and its bounds.
[[nodiscard]] Result<void> check_plausible(const Reading& reading, const Bounds& bounds);

/// Checks that `next` comes from the pack that `previous` came from: the number of cells is a property of the pack.
/// Errors: ErrorKind::implausible.
[[nodiscard]] Result<void> check_same_pack(const Reading& previous, const Reading& next);

/// Checks that `next` can follow shortly after `previous`: cycles do not fall and rise by one at most, no sensor comes
/// or goes. Errors: ErrorKind::implausible.
[[nodiscard]] Result<void> check_follows(const Reading& previous, const Reading& next);

}  // namespace bms::battery

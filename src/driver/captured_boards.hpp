// Whose answers a capture holds: the boards that `replay` plays.
#pragma once

#include <vector>

#include "family.hpp"
#include "line/detection.hpp"
#include "link/capture.hpp"

namespace bms::driver {

/// The boards of a family that answered a poll of theirs in the capture, in the order of their addresses; never empty.
/// All of them speak the dialect that the capture notes, else the one in which most answers came. Where nobody can be
/// recognized it is the board that is noted, else the usual one.
[[nodiscard]] std::vector<line::Candidate> captured_boards(const link::Capture& capture, const Family& family);

}  // namespace bms::driver

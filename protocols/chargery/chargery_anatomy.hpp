// What each byte of a frame is for, and what questions ask, in words.
#pragma once

#include "anatomy.hpp"

namespace bms::chargery {

[[nodiscard]] std::span<const FrameForm> frame_forms();
[[nodiscard]] std::string question_in_words(Bytes question);

inline constexpr Anatomy anatomy{.forms = frame_forms, .in_words = question_in_words};

}  // namespace bms::chargery

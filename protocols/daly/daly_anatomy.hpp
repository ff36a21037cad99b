// What each byte of a frame is for, and what questions ask, in words; where passwords are.
#pragma once

#include "anatomy.hpp"

namespace bms::daly {

[[nodiscard]] std::span<const FrameForm> frame_forms();
[[nodiscard]] std::string question_in_words(Bytes question);
[[nodiscard]] std::vector<Secret> secrets_of(Bytes question);

inline constexpr Anatomy anatomy{.forms = frame_forms, .in_words = question_in_words, .secrets = secrets_of};

}  // namespace bms::daly

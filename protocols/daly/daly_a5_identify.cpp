// Asks an 0xA5 board who it is.
#include "daly/daly_a5_identify.hpp"

#include <algorithm>

namespace bms::daly {
namespace {

constexpr std::size_t code_frames = 5;
constexpr std::size_t version_frames = 2;

/// Some boards do not answer these at all.
constexpr Patience brief{.attempts = 2,
                         .first_byte = std::chrono::milliseconds(300),
                         .whole = std::chrono::milliseconds(600),
                         .gap = a5_patience.gap,
                         .pause = a5_patience.pause,
                         .quiet = a5_patience.quiet};

/// The code decides under which name the battery is known, and five sums of 8 bits prove little: it must come twice.
constexpr int most_codes = 4;

/// A code that holds what nobody can type is not a code.
std::string usable(const std::string& code) {
  const bool typed = std::ranges::none_of(code, [](char c) { return c == '?'; });
  const bool blank = std::ranges::all_of(code, [](char c) { return c == ' ' || c == '0'; });
  return typed && !blank ? code.substr(code.find_first_not_of(' ')) : std::string();
}

}  // namespace

A5Identify::A5Identify(A5Board& board) : A5Conversation(board) {
  info_.family = "Daly";
  ask_for(Step::code);
}

void A5Identify::ask_for(Step step) {
  step_ = step;
  switch (step) {
    case Step::code: return ask(commands::battery_code, brief, code_frames);
    case Step::software: return ask(commands::software_version, brief.with_attempts(1), version_frames);
    case Step::hardware: return ask(commands::hardware_version, brief.with_attempts(1), version_frames);
    case Step::rated: return ask(commands::rated, brief.with_attempts(1));
  }
}

void A5Identify::take(Result<Reply> answer) {
  switch (step_) {
    case Step::code: return take_code(answer);
    case Step::software:
      if (answer) info_.firmware = decode_text(answer->frames, version_frames);
      return ask_for(Step::hardware);
    case Step::hardware:
      if (answer) info_.model = decode_text(answer->frames, version_frames);
      return ask_for(Step::rated);
    case Step::rated:
      if (answer) board().learn_rated(answer->data);
      return close();
  }
}

void A5Identify::take_code(const Result<Reply>& answer) {
  if (answer && !code_.offer(decode_text(answer->frames, code_frames)) && ++codes_ < most_codes)
    return ask_for(Step::code);
  if (code_.value()) info_.serial = usable(*code_.value());
  ask_for(Step::software);
}

}  // namespace bms::daly

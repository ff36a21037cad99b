// Asks a REC unit who it is.
#include "rec/rec_identify.hpp"

#include <string>

#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

/// The vendor's WiFi module shows it so (REC ABMS settings message in tiagonmas/recbms).
constexpr const char* serial_prefix = "1A-";

std::string serial_of(Bytes payload) {
  constexpr std::uint64_t highest = 9999;
  const auto number = count_of(payload);
  if (!number || *number == 0 || *number > highest) return {};
  return serial_prefix + std::to_string(*number);
}

}  // namespace

Identify::Identify(Board& board) : board_(board) {
  info_.family = "REC";
  ask(board_.question("*IDN"));
}

void Identify::take(const Result<Answer>& answer) {
  switch (step_) {
    case Step::name: return take_name(answer);
    case Step::serial:
      if (answer) info_.serial = serial_of(answer->payload());
      return ask_for_firmware();
    case Step::firmware:
      if (answer) take_firmware(answer->payload());
      return close();
  }
}

void Identify::take_name(const Result<Answer>& answer) {
  if (answer) {
    info_.model = text_of(answer->payload()).value_or("");
    if (names_a_rec(info_.model)) board_.model = model_of(info_.model, board_.unit);
  }
  const bool has_number = board_.model == Model::abms || board_.model == Model::unknown;
  if (!has_number) return ask_for_firmware();
  step_ = Step::serial;
  ask(board_.question("SERI"));
}

void Identify::ask_for_firmware() {
  step_ = Step::firmware;
  ask(board_.question("SWVR"), usual_patience.with_attempts(2));
}

void Identify::take_firmware(Bytes payload) {
  // Answers to the questions before that come late.
  const std::string text(text_of(payload).value_or(""));
  if (text != info_.model && serial_prefix + text != info_.serial) info_.firmware = text;
}

}  // namespace bms::rec

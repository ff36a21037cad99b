// Is there a REC unit?
#include "rec/rec_probe.hpp"

#include <chrono>

#include "rec/rec_plausible.hpp"
#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

constexpr Patience patience_for_name{.attempts = 1,
                                     .first_byte = std::chrono::milliseconds(400),
                                     .whole = usual_patience.whole,
                                     .gap = usual_patience.gap,
                                     .pause = std::chrono::milliseconds(0)};

}  // namespace

Probe::Probe(Board& board) : board_(board) { ask(board_.question("*IDN"), patience_for_name); }

void Probe::take(const Result<Answer>& answer) {
  if (step_ == Step::overview) return take_overview(answer);
  if (answer) name_ = text_of(answer->payload()).value_or("");
  step_ = Step::overview;
  ask(board_.question("LCD1"), usual_patience.with_attempts(1));
}

void Probe::take_overview(const Result<Answer>& answer) {
  const bool known = names_a_rec(name_);
  const std::string named = name_.empty() ? std::string() : "'" + name_ + "' answered, but: ";
  if (!answer) {
    result_ = failure(answer.error().kind, named + answer.error().message);
  } else if (!plausible(decode_overview(answer->payload()))) {
    result_ = failure(ErrorKind::implausible, named + "LCD1 with values that cannot be measured");
  } else if (!known && !answer->counted) {
    result_ = failure(ErrorKind::unexpected_command, named + "LCD1 without the count before it");
  } else {
    board_.sends_counts = board_.sends_counts || answer->counted;
    board_.model = model_of(name_, board_.unit);
    result_ = (known ? name_ : "REC BMS (unknown model)") + ", unit " + std::to_string(board_.unit);
  }
  close();
}

}  // namespace bms::rec

// What all commands of the old protocol share: writing a register, and logging in when the board refuses.
#include "ant/ant_old_order.hpp"

#include <array>
#include <string>
#include <utility>

namespace bms::ant {
namespace {

/// "12345678", as boards come from the factory; two characters in each of four writes.
constexpr std::array<std::uint16_t, 4> default_password{0x3132, 0x3334, 0x3536, 0x3738};

}  // namespace

void OldCommand::order(const OldRequest& request, int attempts) {
  stage_ = Stage::ordering;
  order_ = request;
  order_attempts_ = attempts;
  ask(request, usual_patience.with_attempts(attempts));
}

void OldCommand::take(Result<OldReply> answer) {
  switch (std::exchange(stage_, Stage::working)) {
    case Stage::working: return answered(answer);
    case Stage::ordering: return take_order(answer);
    case Stage::logging_in: return take_login(answer);
  }
}

void OldCommand::take_order(const Result<OldReply>& answer) {
  if (!answer) return ordered(std::unexpected(answer.error()));
  if (!answer->refused()) return ordered(answer->value());
  if (!logged_in_) return log_in();
  conclude(failure(ErrorKind::status, "the board refused register " + std::to_string(order_[2]) + " even after a login",
                   refusal_register));
}

void OldCommand::log_in() {
  logged_in_ = true;
  password_part_ = 0;
  send_password_part();
}

void OldCommand::send_password_part() {
  stage_ = Stage::logging_in;
  ask(write_word_request(static_cast<std::uint8_t>(first_password_register + password_part_),
                         default_password[password_part_]));
}

void OldCommand::take_login(const Result<OldReply>& answer) {
  if (!answer) return conclude(std::unexpected(answer.error()));
  // Only the answer to the last part decides: before a login the others are refused, too.
  if (++password_part_ < default_password.size()) return send_password_part();
  if (!answer->refused()) return order(OldRequest(order_), order_attempts_);
  conclude(
      failure(ErrorKind::status, "the board wants a password, and refuses the one from the factory", refusal_register));
}

void OldCommand::conclude(Result<CommandResult> outcome) {
  outcome_ = std::move(outcome);
  exchange().close();
}

}  // namespace bms::ant

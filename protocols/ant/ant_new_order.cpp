// What all commands of the new protocol share: sending an order, and logging in when the board asks for it.
#include "ant/ant_new_order.hpp"

#include <string>
#include <utility>

#include "ant/ant_bytes.hpp"
#include "ant/ant_text.hpp"

namespace bms::ant {
namespace {

constexpr std::uint16_t done = 1;
constexpr std::uint16_t no_permission = 3;
constexpr std::size_t acknowledgement_size = new_frame_overhead + 2;

bool is_control(const NewReply& reply) { return reply.function == reply_to(NewFunction::control); }

}  // namespace

void NewCommand::order(const NewRequest& request) {
  stage_ = Stage::ordering;
  order_ = request;
  ask(request, acknowledgement_size);
}

void NewCommand::log_in_and_order(const NewRequest& request) {
  order_ = request;
  logged_in_ = true;
  stage_ = Stage::logging_in;
  ask(password_request(login_.slot, login_.password), acknowledgement_size);
}

void NewCommand::take(Result<NewReply> answer) {
  switch (std::exchange(stage_, Stage::working)) {
    case Stage::working: return answered(answer);
    case Stage::ordering: return take_order(answer);
    case Stage::logging_in: return take_login(answer);
  }
}

void NewCommand::take_order(const Result<NewReply>& answer) {
  if (!answer) return ordered(answer.error());
  const std::uint16_t result = is_control(*answer) ? u16_le(answer->payload, 0) : done;
  if (result == done) return ordered(std::nullopt);
  if (result == no_permission && !logged_in_) return log_in_and_order(NewRequest(order_));
  conclude(failure(ErrorKind::status,
                   "the board refused command " + std::to_string(answer->address) + " with result " +
                       std::to_string(result) + " (" + meaning_of_result(result) + ")",
                   static_cast<std::uint8_t>(result)));
}

void NewCommand::take_login(const Result<NewReply>& answer) {
  if (!answer) return conclude(std::unexpected(answer.error()));
  const std::uint16_t level = u16_le(answer->payload, 0);
  if (level >= login_.level) return order(NewRequest(order_));
  conclude(failure(ErrorKind::status,
                   "the board wants a password, and the one from the factory brought level " + std::to_string(level) +
                       " instead of " + std::to_string(login_.level),
                   static_cast<std::uint8_t>(level)));
}

void NewCommand::conclude(Result<CommandResult> outcome) {
  outcome_ = std::move(outcome);
  exchange().close();
}

}  // namespace bms::ant

// Commands to an 0xA5 board.
#include "daly/daly_a5_commands.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "daly/daly_a5_conversation.hpp"
#include "daly/daly_a5_settings.hpp"
#include "daly/daly_orders.hpp"
#include "parameters.hpp"

namespace bms::daly {
namespace {

constexpr Patience order_patience = a5_patience.with_attempts(1);
constexpr Patience check_patience{.attempts = a5_patience.attempts,
                                  .first_byte = a5_patience.first_byte,
                                  .whole = a5_patience.whole,
                                  .gap = a5_patience.gap,
                                  .pause = a5_patience.pause,
                                  .quiet = order_delay};

class A5Command : public A5Conversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const override { return result_; }

 protected:
  using A5Conversation::A5Conversation;

  void conclude(Result<CommandResult> result) {
    result_ = std::move(result);
    close();
  }

 private:
  Result<CommandResult> result_;
};

/// Orders a FET, and reads 0x93 until it shows it.
class FetCommand final : public A5Command {
 public:
  FetCommand(A5Board& board, Fet fet, bool on) : A5Command(board), fet_(fet), on_(on) { send(); }

 private:
  enum class Step : std::uint8_t { order, check, current };

  void send() {
    step_ = Step::order;
    order(fet_ == Fet::charge ? commands::charge_fet : commands::discharge_fet, {static_cast<std::uint8_t>(on_)},
          order_patience);
  }

  void take(Result<Reply> answer) override {
    switch (step_) {
      case Step::order:
        // A lost acknowledgement proves nothing: 0x93 decides.
        if (!answer) order_error_ = answer.error();
        step_ = Step::check;
        return ask(commands::fets, check_patience);
      case Step::check: return answer ? check(decode_fets(answer->data)) : conclude(std::unexpected(answer.error()));
      case Step::current:
        return answer ? judge_current(decode_pack(answer->data)) : conclude(std::unexpected(answer.error()));
    }
  }

  void check(const FetState& state) {
    if ((fet_ == Fet::charge ? state.charge : state.discharge) == on_) return conclude(CommandResult{});
    if (fet_ == Fet::discharge && !on_) {
      step_ = Step::current;
      return ask(commands::pack);
    }
    again();
  }

  /// Boards close the discharge FET by themselves while they are charged, to spare its body diode.
  void judge_current(const PackState& state) {
    if (state.current_a > 0)
      return conclude(CommandResult{std::string("ordered; the BMS keeps the discharge FET on while it is charged")});
    again();
  }

  void again() {
    if (++orders_ < fet_orders) return send();
    if (order_error_) return conclude(std::unexpected(*order_error_));
    conclude(failure(ErrorKind::unverified, std::string("the BMS acknowledged, but does not show the ")
                                                .append(name_of(fet_))
                                                .append(on_ ? " as on; a protection may hold it open" : " as off")));
  }

  Fet fet_;
  bool on_;
  Step step_ = Step::order;
  int orders_ = 0;
  std::optional<Error> order_error_;
};

/// Sets the state of charge, and with it the clock: an order without a sensible time would leave that at nonsense.
class SocCommand final : public A5Command {
 public:
  SocCommand(A5Board& board, const SetSoc& wanted) : A5Command(board), wanted_pct_(wanted.soc_pct) {
    constexpr int century = 2000;
    const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
    const CivilTime& now = wanted.now;
    const unsigned counts = scales::percent.word(wanted.soc_pct);
    order(commands::set_soc,
          {byte(now.year - century), byte(now.month), byte(now.day), byte(now.hour), byte(now.minute), byte(now.second),
           static_cast<std::uint8_t>(counts >> 8U), static_cast<std::uint8_t>(counts & 0xFFU)},
          order_patience);
  }

 private:
  void take(Result<Reply> answer) override {
    if (!std::exchange(ordered_, true)) return take_acknowledgement(answer);
    if (!answer) return conclude(std::unexpected(order_error_.value_or(answer.error())));
    const PackState state = decode_pack(answer->data);
    if (plausible(state, board().cell_count().value_or(0)) &&
        std::abs(state.soc_pct - wanted_pct_) <= soc_tolerance_pct)
      return conclude(CommandResult{});
    if (++checks_ < soc_checks) return ask(commands::pack, check_patience);
    if (order_error_) return conclude(std::unexpected(*order_error_));
    conclude(failure(ErrorKind::unverified, "the BMS acknowledged, but tells another state of charge"));
  }

  void take_acknowledgement(const Result<Reply>& answer) {
    const std::uint8_t accepted = 1;
    if (!answer) order_error_ = answer.error();
    if (answer && answer->data[0] != accepted)
      order_error_ = Error{ErrorKind::status, "the BMS refused to set its state of charge", answer->data[0]};
    ask(commands::pack, check_patience);
  }

  double wanted_pct_;
  bool ordered_ = false;
  int checks_ = 0;
  std::optional<Error> order_error_;
};

/// Reads one setting until it came twice the same.
class ReadCommand final : public A5Command {
 public:
  ReadCommand(A5Board& board, const A5Setting& setting) : A5Command(board), setting_(setting) { ask(setting_.command); }

 private:
  void take(Result<Reply> answer) override {
    constexpr int most = 4;
    if (!answer) return conclude(std::unexpected(std::move(answer).error()));
    if (value_.offer(value_of(setting_, answer->data))) return conclude(*value_.value());
    if (++reads_ < most) return ask(setting_.command);
    conclude(failure(ErrorKind::implausible, std::string(setting_.name) + " reads differently every time"));
  }

  const A5Setting& setting_;
  int reads_ = 0;
  Settled<double> value_;
};

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare(const SetFet& command, A5Board& board) {
  return std::make_unique<FetCommand>(board, command.fet, command.on);
}

Prepared prepare(const SetBalancer& /*command*/, A5Board& /*board*/) {
  return failure(ErrorKind::rejected, "the balancer of this Daly board cannot be switched over its serial line");
}

Prepared prepare(const SetSoc& command, A5Board& board) {
  if (auto checked = check_soc(command.soc_pct); !checked) return std::unexpected(checked.error());
  if (auto checked = check_time(command.now); !checked) return std::unexpected(checked.error());
  return std::make_unique<SocCommand>(board, command);
}

Prepared prepare(const ReadParameter& command, A5Board& board) {
  const auto setting = row_named(a5_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  return std::make_unique<ReadCommand>(board, **setting);
}

Prepared prepare(const WriteParameter& command, A5Board& /*board*/) {
  const auto setting = row_named(a5_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  return std::unexpected(check_write(**setting, command.value).error());
}

}  // namespace

Prepared make_a5_command(const Command& command, A5Board& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::daly

// Commands to a board of the UP series: the state of charge, and reading what its blocks hold.
#include "jbd/jbd_up_commands.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "jbd/jbd_turn.hpp"
#include "jbd/jbd_up_conversation.hpp"
#include "jbd/jbd_up_parameters.hpp"
#include "parameters.hpp"

namespace bms::jbd::up {
namespace {

/// A board may show a new state of charge only after its next cycle of measuring.
constexpr int checks = 5;

/// How far what it shows may be from what was written, for rounding; without an acknowledgement it must be the same.
constexpr double rounded_pct = 1;
constexpr double exact_pct = 0.05;

/// Writes the state of charge and reads the status until it shows it. A master rounds what it reports of other packs.
class SocCommand final : public UpConversation<CommandResult> {
 public:
  SocCommand(Board& board, double soc_pct) : UpConversation(board), wanted_pct_(soc_pct) {
    order(blocks::soc, static_cast<std::uint16_t>(std::lround(soc_pct * 100)));
  }

  [[nodiscard]] Result<CommandResult> result() const override { return result_; }

 private:
  void take(Result<Reply> answer) override {
    if (std::exchange(ordered_, true)) return check(answer);
    // A lost acknowledgement proves nothing: reading back decides.
    if (!answer) order_error_ = answer.error();
    ask_for_status();
  }

  void check(const Result<Reply>& answer) {
    const double tolerance_pct = order_error_ ? exact_pct : rounded_pct;
    if (!answer) return conclude(std::unexpected(order_error_.value_or(answer.error())));
    const double found_pct = decode_pack_status(answer->payload).soc_pct;
    if (std::abs(found_pct - wanted_pct_) <= tolerance_pct) return conclude(CommandResult{});
    if (--checks_left_ > 0) return ask_for_status();
    if (order_error_) return conclude(std::unexpected(*order_error_));
    conclude(failure(ErrorKind::unverified,
                     "the BMS acknowledged, but still tells a state of charge of " + std::to_string(found_pct) + " %"));
  }

  void conclude(Result<CommandResult> result) {
    result_ = std::move(result);
    close();
  }

  double wanted_pct_;
  bool ordered_ = false;
  int checks_left_ = checks;
  std::optional<Error> order_error_;
  Result<CommandResult> result_;
};

/// Reads the block of a parameter, unless it was just read for another one.
class ReadCommand final : public UpConversation<CommandResult> {
 public:
  ReadCommand(Board& board, const BlockParameter& parameter, bool more)
      : UpConversation(board), parameter_(parameter), more_(more) {
    if (board.batch.holds(parameter.block)) {
      conclude(board.batch.content());
    } else {
      ask(parameter.block, frame_overhead, usual_patience.with_attempts(attempts));
    }
  }

  [[nodiscard]] Result<CommandResult> result() const override { return result_; }

 private:
  static constexpr int attempts = 2;

  void take(Result<Reply> answer) override {
    if (silence_) return take_status(answer);
    if (answer) return keep(answer->payload);
    if (answer.error().kind != ErrorKind::silent) return conclude(std::unexpected(std::move(answer).error()));
    // A pack that answers something else does not report this; else it is the line.
    silence_ = std::move(answer).error();
    ask_for_status(usual_patience.with_attempts(1));
  }

  void take_status(const Result<Reply>& answer) {
    if (!answer) return conclude(std::unexpected(*silence_));
    keep(failure(ErrorKind::unsupported,
                 "this pack does not report it; those behind the port of another report their status alone"));
  }

  void keep(const Result<Bytes>& content) {
    board().batch.keep(parameter_.block, content);
    conclude(content);
  }

  void conclude(const Result<Bytes>& content) {
    result_ = content ? value_in(parameter_, *content) : std::unexpected(content.error());
    if (!more_) board().batch.forget();
    close();
  }

  const BlockParameter& parameter_;
  bool more_;
  std::optional<Error> silence_;
  Result<CommandResult> result_;
};

constexpr std::string_view board_in_words = "a JBD board of the UP series";

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare(const SetSoc& command, Board& board) {
  if (auto checked = check_soc(command.soc_pct); !checked) return std::unexpected(checked.error());
  return std::make_unique<SocCommand>(board, command.soc_pct);
}

/// How such a board tells a FET that was switched off from one that a protection has opened is not known, and both are
/// written at once. So switching one could turn a protection of the other into a lasting order.
Prepared prepare(const SetFet& /*command*/, Board& /*board*/) {
  return failure(ErrorKind::rejected, "the FETs of a JBD board of the UP series cannot be switched");
}

Prepared prepare(const SetBalancer& /*command*/, Board& /*board*/) {
  return failure(ErrorKind::rejected, "the balancer of a JBD board of the UP series cannot be switched");
}

/// Orders wait in a queue; what was kept for a batch is known when their turn comes.
Prepared prepare(const ReadParameter& command, Board& board) {
  const auto parameter = row_named(block_parameters(), board_in_words, command.name);
  if (!parameter) return std::unexpected(parameter.error());
  return std::make_unique<InTurn>(
      [&board, &row = **parameter, more = command.more] { return std::make_unique<ReadCommand>(board, row, more); });
}

Prepared prepare(const WriteParameter& command, Board& /*board*/) {
  const auto parameter = row_named(block_parameters(), board_in_words, command.name);
  if (!parameter) return std::unexpected(parameter.error());
  return failure(ErrorKind::rejected, command.name + " is read only");
}

}  // namespace

Prepared make_command(const Command& command, Board& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::jbd::up

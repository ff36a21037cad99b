// Commands to a board of the newer protocol.
#include "daly/daly_modbus_commands.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "daly/daly_modbus_conversation.hpp"
#include "daly/daly_modbus_decode.hpp"
#include "daly/daly_orders.hpp"
#include "parameters.hpp"

namespace bms::daly {
namespace {

constexpr Patience check_patience{.attempts = modbus_patience.attempts,
                                  .first_byte = modbus_patience.first_byte,
                                  .whole = modbus_patience.whole,
                                  .gap = modbus_patience.gap,
                                  .pause = modbus_patience.pause,
                                  .quiet = order_delay};

class ModbusCommand : public ModbusConversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const override { return result_; }

 protected:
  using ModbusConversation::ModbusConversation;

  [[nodiscard]] std::uint16_t address_of(Address address) { return address.in(board().map); }

  void conclude(Result<CommandResult> result) {
    result_ = std::move(result);
    close();
  }

  /// Ends the command when the BMS refused. A lost acknowledgement proves nothing: it is kept for the end.
  [[nodiscard]] bool refused(const Result<ModbusReply>& answer) {
    if (answer) return false;
    order_error_ = answer.error();
    if (answer.error().kind != ErrorKind::status) return false;
    conclude(std::unexpected(answer.error()));
    return true;
  }

  void conclude_unverified(std::string message) {
    if (order_error_) return conclude(std::unexpected(*order_error_));
    conclude(failure(ErrorKind::unverified, std::move(message)));
  }

 private:
  Result<CommandResult> result_;
  std::optional<Error> order_error_;
};

/// Orders a FET, reads the order back, and the FET itself.
class FetCommand final : public ModbusCommand {
 public:
  FetCommand(ModbusBoard& board, Fet fet, bool on) : ModbusCommand(board), fet_(fet), on_(on) { send(); }

 private:
  enum class Step : std::uint8_t { order, check_order, check_fet, check_activity };

  // Blocks of different sizes, so that none of the answers can be taken for another.
  [[nodiscard]] Block order_block() { return {address_of(registers::charge_switch), 3}; }
  [[nodiscard]] Block fet_block() { return {address_of(registers::charge_fet), 2}; }
  [[nodiscard]] Block activity_block() { return {address_of(registers::activity), 1}; }

  void send() {
    step_ = Step::order;
    order(address_of(fet_ == Fet::charge ? registers::charge_switch : registers::discharge_switch), on_ ? 1 : 0);
  }

  void take(Result<ModbusReply> answer) override {
    if (step_ == Step::order) {
      if (refused(answer)) return;
      step_ = Step::check_order;
      return ask(order_block(), check_patience);
    }
    if (!answer) return conclude(std::unexpected(std::move(answer).error()));
    const Bytes words = answer->words;
    const std::size_t which = fet_ == Fet::charge ? 0 : 2;
    switch (step_) {
      case Step::check_order: return check_order(u16_be(words, which) != 0);
      case Step::check_fet: return check_fet(u16_be(words, which) != 0);
      default: return check_activity(u16_be(words, 0));
    }
  }

  void check_order(bool ordered) {
    if (ordered != on_) return again();
    // A protection may hold open what is allowed again; what is forbidden must open.
    if (on_) return conclude(CommandResult{});
    step_ = Step::check_fet;
    ask(fet_block(), check_patience);
  }

  void check_fet(bool conducting) {
    if (!conducting) return conclude(CommandResult{});
    if (fet_ == Fet::charge) return again();
    step_ = Step::check_activity;
    ask(activity_block());
  }

  /// Boards close the discharge FET by themselves while they are charged, to spare its body diode.
  void check_activity(unsigned activity) {
    constexpr unsigned charging = 1;
    if (activity != charging) return again();
    conclude(CommandResult{std::string("ordered; the BMS keeps the discharge FET on while it is charged")});
  }

  void again() {
    if (++orders_ < fet_orders) return send();
    conclude_unverified(std::string("the BMS acknowledged, but does not show the ")
                            .append(name_of(fet_))
                            .append(on_ ? " as on" : " as off"));
  }

  Fet fet_;
  bool on_;
  Step step_ = Step::order;
  int orders_ = 0;
};

/// Reads the balancer's switch, and changes it only when it reads like one.
class BalancerCommand final : public ModbusCommand {
 public:
  BalancerCommand(ModbusBoard& board, bool on) : ModbusCommand(board), on_(on) { ask(switch_block()); }

 private:
  enum class Step : std::uint8_t { read, order, check };

  [[nodiscard]] Block switch_block() { return {address_of(registers::balancer_switch), 1}; }

  void take(Result<ModbusReply> answer) override {
    if (step_ == Step::order) {
      if (refused(answer)) return;
      step_ = Step::check;
      return ask(switch_block(), check_patience);
    }
    if (!answer) return conclude(std::unexpected(std::move(answer).error()));
    const std::uint16_t found = u16_be(answer->words, 0);
    if (found == (on_ ? 1 : 0)) return conclude(CommandResult{});
    if (step_ == Step::check) return conclude_unverified("the balancer's switch reads " + std::to_string(found));
    if (found > 1)
      return conclude(failure(ErrorKind::rejected, "the balancer's switch of this board reads " +
                                                       std::to_string(found) + ", expected 0 or 1"));
    step_ = Step::order;
    order(switch_block().first, on_ ? 1 : 0);
  }

  bool on_;
  Step step_ = Step::read;
};

class SocCommand final : public ModbusCommand {
 public:
  SocCommand(ModbusBoard& board, double soc_pct) : ModbusCommand(board), wanted_pct_(soc_pct) {
    order(address_of(registers::soc_setting), scales::percent.word(soc_pct));
  }

 private:
  void take(Result<ModbusReply> answer) override {
    const Block soc{address_of(registers::soc), 1};
    if (!std::exchange(ordered_, true)) {
      if (!refused(answer)) ask(soc, check_patience);
      return;
    }
    if (!answer) return conclude(std::unexpected(std::move(answer).error()));
    const double found_pct = scales::percent.value(u16_be(answer->words, 0));
    if (std::abs(found_pct - wanted_pct_) <= soc_tolerance_pct) return conclude(CommandResult{});
    if (++checks_ < soc_checks) return ask(soc, check_patience);
    conclude_unverified("the BMS acknowledged, but tells another state of charge");
  }

  double wanted_pct_;
  bool ordered_ = false;
  int checks_ = 0;
};

class ReadCommand final : public ModbusCommand {
 public:
  ReadCommand(ModbusBoard& board, const RegisterValue& value) : ModbusCommand(board), value_(value) { ask(block()); }

 private:
  [[nodiscard]] Block block() {
    return {address_of(value_.address), static_cast<std::uint16_t>(value_.shape == Shape::double_word ? 2 : 1)};
  }

  void take(Result<ModbusReply> answer) override {
    if (!answer) return conclude(std::unexpected(std::move(answer).error()));
    const auto found = value_in(Words(block().first, answer->words), board().map, value_);
    conclude(found ? CommandResult{*found} : CommandResult{std::string("never")});
  }

  const RegisterValue& value_;
};

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare(const SetFet& command, ModbusBoard& board) {
  return std::make_unique<FetCommand>(board, command.fet, command.on);
}

Prepared prepare(const SetBalancer& command, ModbusBoard& board) {
  return std::make_unique<BalancerCommand>(board, command.on);
}

Prepared prepare(const SetSoc& command, ModbusBoard& board) {
  if (auto checked = check_soc(command.soc_pct); !checked) return std::unexpected(checked.error());
  return std::make_unique<SocCommand>(board, command.soc_pct);
}

Prepared prepare(const ReadParameter& command, ModbusBoard& board) {
  const RegisterSetting* const setting = find_setting(command.name, board.map);
  if (setting == nullptr) return no_parameter(this_board, command.name);
  return std::make_unique<ReadCommand>(board, setting->value);
}

Prepared prepare(const WriteParameter& command, ModbusBoard& board) {
  const RegisterSetting* const setting = find_setting(command.name, board.map);
  if (setting == nullptr) return no_parameter(this_board, command.name);
  return std::unexpected(check_write(*setting, command.value).error());
}

}  // namespace

Prepared make_modbus_command(const Command& command, ModbusBoard& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::daly

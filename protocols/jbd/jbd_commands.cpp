// Commands to a JBD board: FET locks, balancer, configuration registers.
#include "jbd/jbd_commands.hpp"

#include <functional>
#include <string>
#include <utility>

#include "jbd/jbd_factory_mode.hpp"
#include "jbd/jbd_fet_command.hpp"
#include "jbd/jbd_parameters.hpp"
#include "jbd/jbd_tables.hpp"
#include "jbd/jbd_turn.hpp"
#include "parameters.hpp"

namespace bms::jbd {
namespace {

/// What the unit flag says of the parameter that is dealt with; the flag is read only where it matters.
class ParameterCommand : public FactoryModeCommand {
 protected:
  ParameterCommand(Board& board, const ConfigRegister& parameter, bool more)
      : FactoryModeCommand(board, more ? After::hold : After::leave), parameter_(parameter) {}

  [[nodiscard]] const ConfigRegister& parameter() const { return parameter_; }
  [[nodiscard]] bool coarse() const { return coarse_; }
  void read_parameter() { ask_to_read(parameter_.address, parameter_.kind == ParameterKind::text ? 1 : 2); }

  /// The scale is known, factory mode is open.
  virtual void proceed() = 0;
  virtual void answered_parameter(const Result<Reply>& answer) = 0;

  void inside() final {
    if (parameter_.coarser == 1) return proceed();
    asking_unit_flag_ = true;
    ask_to_read(registers::function_config, 2);
  }

  void answered(const Result<Reply>& answer) final {
    if (!std::exchange(asking_unit_flag_, false)) return answered_parameter(answer);
    if (!answer) return conclude(std::unexpected(answer.error()));
    coarse_ = (u16_be(answer->payload, 0) & unit_flag_mask) != 0;
    proceed();
  }

 private:
  const ConfigRegister& parameter_;
  bool asking_unit_flag_ = false;
  bool coarse_ = false;
};

class ReadParameterCommand final : public ParameterCommand {
 public:
  ReadParameterCommand(Board& board, const ConfigRegister& parameter, bool more)
      : ParameterCommand(board, parameter, more) {
    enter();
  }

 private:
  void proceed() override { read_parameter(); }

  void answered_parameter(const Result<Reply>& answer) override {
    if (!answer) return conclude(std::unexpected(answer.error()));
    if (parameter().kind != ParameterKind::text)
      return conclude(value_of(parameter(), u16_be(answer->payload, 0), coarse()));
    Result<std::string> text = decode_text(answer->payload);
    if (!text) return conclude(std::unexpected(text.error()));
    conclude(*std::move(text));
  }
};

class WriteParameterCommand final : public ParameterCommand {
 public:
  WriteParameterCommand(Board& board, const ConfigRegister& parameter, double value, bool more)
      : ParameterCommand(board, parameter, more), value_(value) {
    enter();
  }

 private:
  void proceed() override {
    const Result<std::uint16_t> raw = raw_of(parameter(), value_, coarse());
    if (!raw) return conclude(std::unexpected(raw.error()));
    raw_ = *raw;
    writing_ = true;
    board().factory.doubt(parameter().address);
    ask_to_write(parameter().address, raw_);
  }

  void answered_parameter(const Result<Reply>& answer) override {
    if (!std::exchange(writing_, false)) return check(answer);
    if (!answer && answer.error().kind == ErrorKind::status) return conclude(std::unexpected(answer.error()));
    // A lost acknowledgement proves nothing: reading back decides.
    if (!answer) write_error_ = answer.error();
    read_parameter();
  }

  void check(const Result<Reply>& answer) {
    if (!answer) return conclude(std::unexpected(write_error_.value_or(answer.error())));
    const std::uint16_t found = u16_be(answer->payload, 0);
    if (found == raw_) {
      board().factory.verified(parameter().address, raw_);
      return conclude(value_of(parameter(), found, coarse()));
    }
    if (write_error_) return conclude(std::unexpected(*write_error_));
    conclude(failure(ErrorKind::unverified, std::string(parameter().name) + ": wrote raw " + std::to_string(raw_) +
                                                ", read back " + std::to_string(found)));
  }

  double value_;
  std::uint16_t raw_ = 0;
  bool writing_ = false;
  std::optional<Error> write_error_;
};

/// Bit 2 of register 2D, all other bits kept. Left with 00 00, as the vendor's application does after it switched the
/// balancer: the value is in force at once, and the counters of register AA survive. Within a batch it is the batch
/// that is left later, and saved if it has written anything.
class BalancerCommand final : public FactoryModeCommand {
 public:
  BalancerCommand(Board& board, bool on) : FactoryModeCommand(board, After::as_found), on_(on) { enter(); }

 private:
  enum class Step : std::uint8_t { read, write, check };

  void inside() override { ask_config(Step::read); }

  void ask_config(Step step) {
    step_ = step;
    ask_to_read(registers::function_config, 2);
  }

  void answered(const Result<Reply>& answer) override {
    const bool refused = !answer && answer.error().kind == ErrorKind::status;
    if (step_ == Step::write && !refused) {
      if (!answer) write_error_ = answer.error();
      return ask_config(Step::check);
    }
    if (!answer) return conclude(std::unexpected(write_error_.value_or(answer.error())));
    const std::uint16_t word = u16_be(answer->payload, 0);
    step_ == Step::read ? change(word) : check(word);
  }

  void change(std::uint16_t word) {
    wanted_ = static_cast<std::uint16_t>(on_ ? word | balancer_mask : word & ~unsigned{balancer_mask});
    if (wanted_ == word) return conclude(CommandResult{});
    step_ = Step::write;
    ask_to_write(registers::function_config, wanted_);
  }

  void check(std::uint16_t word) {
    if (word == wanted_) return conclude(CommandResult{});
    if (write_error_) return conclude(std::unexpected(*write_error_));
    conclude(failure(ErrorKind::unverified, "function configuration: wrote " + std::to_string(wanted_) +
                                                ", read back " + std::to_string(word)));
  }

  bool on_;
  Step step_ = Step::read;
  std::uint16_t wanted_ = 0;
  std::optional<Error> write_error_;
};

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

/// For what begins by entering factory mode.
template <class Made, class... Arguments>
Prepared in_turn(Board& board, Arguments... arguments) {
  return std::make_unique<InTurn>([&board, arguments...]() -> std::unique_ptr<Query<CommandResult>> {
    return std::make_unique<Made>(board, arguments...);
  });
}

Prepared prepare(const SetFet& command, Board& board) {
  return std::make_unique<FetCommand>(board, command.fet, command.on);
}

Prepared prepare(const SetBalancer& command, Board& board) { return in_turn<BalancerCommand>(board, command.on); }

Prepared prepare(const SetSoc& /*command*/, Board& /*board*/) {
  return failure(ErrorKind::rejected, "the state of charge of a JBD board cannot be set");
}

Prepared prepare(const ReadParameter& command, Board& board) {
  const auto parameter = row_named(config_registers(), "a JBD board", command.name);
  if (!parameter) return std::unexpected(parameter.error());
  return in_turn<ReadParameterCommand>(board, std::cref(**parameter), command.more);
}

Prepared prepare(const WriteParameter& command, Board& board) {
  const auto parameter = row_named(config_registers(), "a JBD board", command.name);
  if (!parameter) return std::unexpected(parameter.error());
  // The range of the last known scale; it is checked again with the scale that the board has when it is written.
  if (const auto checked = raw_of(**parameter, command.value, board.coarse); !checked)
    return std::unexpected(checked.error());
  return in_turn<WriteParameterCommand>(board, std::cref(**parameter), command.value, command.more);
}

}  // namespace

Prepared make_command(const Command& command, Board& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::jbd

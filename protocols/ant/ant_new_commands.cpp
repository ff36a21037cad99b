// Commands to a board of the new protocol: FETs, balancer, settings.
#include "ant/ant_new_commands.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "ant/ant_bytes.hpp"
#include "ant/ant_new_order.hpp"
#include "ant/ant_settings.hpp"
#include "ant/ant_switching.hpp"
#include "parameters.hpp"

namespace bms::ant {
namespace {

// Commands of function 51, as the vendor's application sends them (recorded sessions, syssi/esphome-ant-bms, docs/).
// The others that are known are never sent: they shut down, reset, calibrate, or load defaults.
constexpr std::uint8_t discharge_off = 0x01;
constexpr std::uint8_t discharge_on = 0x03;
constexpr std::uint8_t charge_off = 0x04;
constexpr std::uint8_t charge_on = 0x06;
constexpr std::uint8_t save_settings = 0x07;
constexpr std::uint8_t balancer_on = 0x0D;
constexpr std::uint8_t balancer_off = 0x0E;

/// An order whose effect the status shows in the end.
class NewSwitch : public NewCommand {
 protected:
  NewSwitch(NewBoard& board, std::uint8_t command, int checks)
      : NewCommand(board, switching_login), checks_left_(checks) {
    order(control_request(command));
  }

  /// The outcome if the status shows it, else nothing yet.
  [[nodiscard]] virtual std::optional<CommandResult> look(const Status& status) const = 0;
  /// What to say when it never did.
  [[nodiscard]] virtual Result<CommandResult> too_late(const Status& status) const = 0;

 private:
  void ordered(const std::optional<Error>& lost) final {
    lost_ = lost;
    wait();
  }

  void wait() {
    waiting_ = true;
    listen(time_between_checks);
  }

  void answered(const Result<NewReply>& answer) final {
    if (std::exchange(waiting_, false)) return ask(status_request(), board().status_size);
    if (!answer) return conclude(std::unexpected(lost_.value_or(answer.error())));
    const Result<Status> status = decode_new_status(answer->payload);
    if (!status) return conclude(std::unexpected(status.error()));
    if (auto outcome = look(*status)) return conclude(*std::move(outcome));
    if (--checks_left_ > 0) return wait();
    conclude(lost_ ? std::unexpected(*lost_) : too_late(*status));
  }

  int checks_left_;
  bool waiting_ = false;
  std::optional<Error> lost_;
};

class NewFetCommand final : public NewSwitch {
 public:
  NewFetCommand(NewBoard& board, Fet fet, bool on) : NewSwitch(board, code(fet, on), most_checks), fet_(fet), on_(on) {}

 private:
  static std::uint8_t code(Fet fet, bool on) {
    if (fet == Fet::charge) return on ? charge_on : charge_off;
    return on ? discharge_on : discharge_off;
  }

  [[nodiscard]] std::optional<CommandResult> look(const Status& status) const override {
    return shown(status, fet_, on_);
  }
  [[nodiscard]] Result<CommandResult> too_late(const Status& status) const override {
    return std::unexpected(not_shown(status, fet_, on_));
  }

  Fet fet_;
  bool on_;
};

/// A balancer that was switched on starts only while no current flows, so its silence is not a failure.
class NewBalancerCommand final : public NewSwitch {
 public:
  NewBalancerCommand(NewBoard& board, bool on) : NewSwitch(board, on ? balancer_on : balancer_off, checks), on_(on) {}

 private:
  static constexpr int checks = 4;

  [[nodiscard]] std::optional<CommandResult> look(const Status& status) const override {
    return balancer_active(status) == on_ ? std::optional(CommandResult{}) : std::nullopt;
  }
  [[nodiscard]] Result<CommandResult> too_late(const Status& status) const override {
    if (on_) return CommandResult("accepted; it starts when no current flows, and is now at: " + balancer_text(status));
    return failure(ErrorKind::unverified,
                   "the board acknowledged, but its balancer is still at: " + balancer_text(status));
  }

  bool on_;
};

/// One word of the settings.
class NewSettingCommand : public NewCommand {
 protected:
  NewSettingCommand(NewBoard& board, const Setting& setting) : NewCommand(board, settings_login), setting_(setting) {}

  [[nodiscard]] const Setting& setting() const { return setting_; }
  void read() {
    // The reply to a read has a record after its CRC on all boards that were recorded, but need not.
    ask(settings_request(setting_.address, 2), new_frame_overhead + 2);
  }

  /// The word that the board holds. Errors: unsupported when it has none.
  [[nodiscard]] Result<std::uint16_t> word_of(const Result<NewReply>& answer) const {
    if (!answer) return std::unexpected(answer.error());
    const std::uint16_t word = u16_le(answer->payload, 0);
    if (word != not_implemented) return word;
    return failure(ErrorKind::unsupported, "this board has no " + std::string(setting_.name));
  }

 private:
  const Setting& setting_;
};

class NewReadCommand final : public NewSettingCommand {
 public:
  NewReadCommand(NewBoard& board, const Setting& setting) : NewSettingCommand(board, setting) { read(); }

 private:
  void ordered(const std::optional<Error>& /*lost*/) override {}
  void answered(const Result<NewReply>& answer) override {
    const auto word = word_of(answer);
    if (!word) return conclude(std::unexpected(word.error()));
    conclude(setting().scale.value(*word));
  }
};

/// Reads first, so that nothing is written to a board that has no such setting, then writes, reads back and saves.
class NewWriteCommand final : public NewSettingCommand {
 public:
  NewWriteCommand(NewBoard& board, const Setting& setting, std::uint16_t word)
      : NewSettingCommand(board, setting), word_(word) {
    read();
  }

 private:
  enum class Step : std::uint8_t { look, write, save };

  void ordered(const std::optional<Error>& lost) override {
    if (step_ == Step::write) {
      lost_ = lost;
      return read();
    }
    if (lost) return conclude(std::unexpected(*lost));
    conclude(setting().scale.value(word_));
  }

  void answered(const Result<NewReply>& answer) override {
    const auto word = word_of(answer);
    if (!word) return conclude(std::unexpected(lost_.value_or(word.error())));
    if (*word == word_) {
      step_ = Step::save;
      return order(control_request(save_settings));
    }
    if (step_ == Step::look) {
      step_ = Step::write;
      return order(write_request(setting().address, word_));
    }
    // How a board refuses a write for want of permission was never recorded.
    if (may_log_in()) return log_in_and_order(write_request(setting().address, word_));
    if (lost_) return conclude(std::unexpected(*lost_));
    conclude(failure(ErrorKind::unverified, std::string(setting().name) + ": wrote raw " + std::to_string(word_) +
                                                ", read back " + std::to_string(*word)));
  }

  std::uint16_t word_;
  Step step_ = Step::look;
  std::optional<Error> lost_;
};

constexpr std::string_view this_board = "this ANT board";

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare(const SetFet& command, NewBoard& board) {
  return std::make_unique<NewFetCommand>(board, command.fet, command.on);
}

Prepared prepare(const SetBalancer& command, NewBoard& board) {
  return std::make_unique<NewBalancerCommand>(board, command.on);
}

Prepared prepare(const SetSoc& /*command*/, NewBoard& /*board*/) {
  return failure(ErrorKind::rejected, "the state of charge of an ANT board cannot be set");
}

Prepared prepare(const ReadParameter& command, NewBoard& board) {
  const auto setting = row_named(new_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  return std::make_unique<NewReadCommand>(board, **setting);
}

Prepared prepare(const WriteParameter& command, NewBoard& board) {
  const auto setting = row_named(new_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  const auto word = raw_of(**setting, command.value);
  if (!word) return std::unexpected(word.error());
  return std::make_unique<NewWriteCommand>(board, **setting, *word);
}

}  // namespace

Prepared make_new_command(const Command& command, NewBoard& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::ant

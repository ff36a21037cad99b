// Commands to a board of the old protocol: FETs, balancer, registers.
#include "ant/ant_old_commands.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "ant/ant_old_order.hpp"
#include "ant/ant_settings.hpp"
#include "ant/ant_switching.hpp"
#include "parameters.hpp"

namespace bms::ant {
namespace {

// Registers that do something when they are written (Wnt/ant-bms-tool, docs/PROTOCOL.md; recorded session). Others are
// never written: they switch the board off, calibrate it, or load defaults.
constexpr std::uint8_t discharge_register = 0xF9;
constexpr std::uint8_t charge_register = 0xFA;
constexpr std::uint8_t balancer_toggle_register = 0xFC;
constexpr std::uint8_t apply_register = 0xFF;

class OldFetCommand final : public OldCommand {
 public:
  OldFetCommand(OldBoard& board, Fet fet, bool on) : OldCommand(board), fet_(fet), on_(on) {
    order(write_word_request(fet == Fet::charge ? charge_register : discharge_register, on ? 1 : 0));
  }

 private:
  void ordered(const Result<std::uint16_t>& value) override {
    if (!value) lost_ = value.error();
    wait();
  }

  void wait() {
    waiting_ = true;
    listen(time_between_checks);
  }

  void answered(const Result<OldReply>& answer) override {
    if (std::exchange(waiting_, false)) return ask(board().usual_status_request());
    if (!answer) return conclude(std::unexpected(lost_.value_or(answer.error())));
    const Result<Status> status = decode_old_status(answer->frame);
    if (!status) return conclude(std::unexpected(status.error()));
    if (auto outcome = shown(*status, fet_, on_)) return conclude(*std::move(outcome));
    if (--checks_left_ > 0) return wait();
    conclude(std::unexpected(lost_.value_or(not_shown(*status, fet_, on_))));
  }

  Fet fet_;
  bool on_;
  bool waiting_ = false;
  int checks_left_ = most_checks;
  std::optional<Error> lost_;
};

/// The board can only be told to toggle; its acknowledgement carries the new state. Each change is sent once: an
/// acknowledgement that is lost must not be answered by changing back.
class OldBalancerCommand final : public OldCommand {
 public:
  OldBalancerCommand(OldBoard& board, bool on) : OldCommand(board), on_(on) { ask(board.usual_status_request()); }

 private:
  static constexpr int most_changes = 2;

  void change() { order(write_word_request(balancer_toggle_register, 0), 1); }

  void answered(const Result<OldReply>& answer) override {
    if (!answer) return conclude(std::unexpected(answer.error()));
    const Result<Status> status = decode_old_status(answer->frame);
    if (!status) return conclude(std::unexpected(status.error()));
    // A balancer that rests may be switched on all the same; one that works is.
    if (on_ && balancer_active(*status)) return conclude(CommandResult{});
    change();
  }

  void ordered(const Result<std::uint16_t>& value) override {
    if (!value)
      return conclude(
          failure(value.error().kind, "the balancer may or may not have changed over: " + value.error().message));
    if ((*value != 0) == on_) return conclude(CommandResult{});
    if (++changes_ < most_changes) return change();
    conclude(
        failure(ErrorKind::unverified, std::string("the board does not switch its balancer ") + (on_ ? "on" : "off")));
  }

  bool on_;
  int changes_ = 0;
};

/// The word in the answer to a read. Errors: unsupported when the register cannot be read.
Result<std::uint16_t> word_of(const Result<OldReply>& answer, const Setting& setting) {
  if (!answer) return std::unexpected(answer.error());
  if (answer->value() != not_implemented) return answer->value();
  return failure(ErrorKind::unsupported, "this board does not tell " + std::string(setting.name));
}

class OldReadCommand final : public OldCommand {
 public:
  OldReadCommand(OldBoard& board, const Setting& setting) : OldCommand(board), setting_(setting) {
    ask(read_word_request(static_cast<std::uint8_t>(setting.address)));
  }

 private:
  void ordered(const Result<std::uint16_t>& /*value*/) override {}
  void answered(const Result<OldReply>& answer) override {
    const auto word = word_of(answer, setting_);
    if (!word) return conclude(std::unexpected(word.error()));
    conclude(setting_.scale.value(*word));
  }

  const Setting& setting_;
};

/// Reads first, so that nothing is written to a board that has no such register, then writes, applies and reads back.
class OldWriteCommand final : public OldCommand {
 public:
  OldWriteCommand(OldBoard& board, const Setting& setting, std::uint16_t word)
      : OldCommand(board), setting_(setting), word_(word) {
    read();
  }

 private:
  enum class Step : std::uint8_t { look, write, apply, check };

  [[nodiscard]] std::uint8_t address() const { return static_cast<std::uint8_t>(setting_.address); }
  void read() { ask(read_word_request(address())); }

  void ordered(const Result<std::uint16_t>& value) override {
    // A lost acknowledgement proves nothing: reading back decides.
    if (!value) lost_ = value.error();
    if (step_ == Step::write) {
      step_ = Step::apply;
      return order(write_word_request(apply_register, 0));
    }
    step_ = Step::check;
    read();
  }

  void answered(const Result<OldReply>& answer) override {
    const auto word = word_of(answer, setting_);
    if (!word) return conclude(std::unexpected(lost_.value_or(word.error())));
    if (*word == word_) return conclude(setting_.scale.value(word_));
    if (step_ == Step::look) {
      step_ = Step::write;
      return order(write_word_request(address(), word_));
    }
    if (lost_) return conclude(std::unexpected(*lost_));
    conclude(failure(ErrorKind::unverified, std::string(setting_.name) + ": wrote raw " + std::to_string(word_) +
                                                ", read back " + std::to_string(*word)));
  }

  const Setting& setting_;
  std::uint16_t word_;
  Step step_ = Step::look;
  std::optional<Error> lost_;
};

constexpr std::string_view this_board = "this ANT board";

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare(const SetFet& command, OldBoard& board) {
  return std::make_unique<OldFetCommand>(board, command.fet, command.on);
}

Prepared prepare(const SetBalancer& command, OldBoard& board) {
  return std::make_unique<OldBalancerCommand>(board, command.on);
}

Prepared prepare(const SetSoc& /*command*/, OldBoard& /*board*/) {
  return failure(ErrorKind::rejected, "the state of charge of an ANT board cannot be set");
}

Prepared prepare(const ReadParameter& command, OldBoard& board) {
  const auto setting = row_named(old_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  return std::make_unique<OldReadCommand>(board, **setting);
}

Prepared prepare(const WriteParameter& command, OldBoard& board) {
  const auto setting = row_named(old_settings(), this_board, command.name);
  if (!setting) return std::unexpected(setting.error());
  const auto word = raw_of(**setting, command.value);
  if (!word) return std::unexpected(word.error());
  return std::make_unique<OldWriteCommand>(board, **setting, *word);
}

}  // namespace

Prepared make_old_command(const Command& command, OldBoard& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::ant

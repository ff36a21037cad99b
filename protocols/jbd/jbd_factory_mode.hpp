// What all commands share: a result, and factory mode that is always left again.
#pragma once

#include <cstdint>
#include <optional>

#include "bms/command.hpp"
#include "jbd/jbd_board.hpp"
#include "jbd/jbd_conversation.hpp"

namespace bms::jbd {

class FactoryModeCommand : public JbdConversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const final { return outcome_; }

 protected:
  using JbdConversation::JbdConversation;

  /// What leaving does with values that were written. Saving also sets the counters of register AA to zero.
  enum class Leave : std::uint16_t { discarding = 0x0000, saving = 0x2828 };

  /// Goes on with inside(), or concludes with the error.
  void enter();

  /// Sets the result; leaves factory mode if it may be open, and ends.
  void conclude(Result<CommandResult> outcome, Leave how = Leave::discarding);

  /// Leaves factory mode without a result so far; goes on with left().
  void leave(Leave how);

  /// Factory mode is open: asks the next question.
  virtual void inside() = 0;

  /// Factory mode was left, or could not be. For commands that go on outside.
  virtual void left() { exchange().close(); }

  /// The outcome of a question that inside() or the command itself asked.
  virtual void answered(const Result<Reply>& answer) = 0;

 private:
  enum class Stage : std::uint8_t { working, entering, leaving };

  void take(Result<Reply> answer) final;
  void note_leaving(const Result<Reply>& answer);
  void tell_leave_error();

  Stage stage_ = Stage::working;
  bool entered_ = false;  ///< or at least tried to
  bool concluded_ = false;
  std::optional<Error> leave_error_;
  Result<CommandResult> outcome_;
};

}  // namespace bms::jbd

// What all commands share: a result, and factory mode that is left again by each, or by the last one of a batch.
#pragma once

#include <cstddef>
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
  /// What becomes of factory mode when the command has succeeded. After a failure it is always left.
  enum class After : std::uint8_t {
    leave,
    hold,      ///< for the next command of a batch
    as_found,  ///< held if it was held before
  };

  explicit FactoryModeCommand(Board& board, After after = After::leave) : JbdConversation(board), after_(after) {}

  /// Goes on with inside(), or concludes with the error. In a session that is held no byte is sent for that.
  void enter();

  /// Likewise, but tells the board in any case.
  void enter_anew();

  /// Sets the result; leaves factory mode if it may be open and is not to be held, and ends.
  void conclude(Result<CommandResult> outcome);

  /// Leaves factory mode without a result so far; goes on with left(). What is unsaved is saved.
  void leave();

  /// Factory mode is open: asks the next question. Called again when the board has dropped out of it meanwhile.
  virtual void inside() = 0;

  /// Factory mode was left, or could not be. For commands that go on outside.
  virtual void left() { exchange().close(); }

  /// The outcome of a question that inside() or the command itself asked.
  virtual void answered(const Result<Reply>& answer) = 0;

 private:
  enum class Stage : std::uint8_t { working, entering, comparing, leaving };

  void take(Result<Reply> answer) final;
  [[nodiscard]] bool dropped_out(const Result<Reply>& answer) const;
  void compare();
  void compared(const Result<Reply>& answer);
  [[nodiscard]] bool may_hold() const;
  void note_leaving(const Result<Reply>& answer);
  void tell_leave_error();

  Stage stage_ = Stage::working;
  After after_;
  bool entered_ = false;     ///< or at least tried to
  bool found_held_ = false;  ///< entered by an earlier command
  bool anew_ = false;        ///< entered by this one
  std::size_t compared_ = 0;
  bool concluded_ = false;
  std::optional<Error> leave_error_;
  Result<CommandResult> outcome_;
};

}  // namespace bms::jbd

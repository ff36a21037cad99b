// What all commands of the old protocol share: writing a register, and logging in when the board refuses.
#pragma once

#include <cstdint>
#include <optional>

#include "ant/ant_conversation.hpp"
#include "bms/command.hpp"

namespace bms::ant {

class OldCommand : public OldConversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const final { return outcome_; }

 protected:
  explicit OldCommand(OldBoard& board) : OldConversation(board) {}

  /// Writes a register; goes on with ordered(), or concludes with the refusal. `attempts` is 1 for what must not be
  /// done twice.
  void order(const OldRequest& request, int attempts = usual_patience.attempts);

  /// The write was acknowledged with this value, or there was no acknowledgement and an error says why.
  virtual void ordered(const Result<std::uint16_t>& value) = 0;
  /// The outcome of a question that the command itself asked.
  virtual void answered(const Result<OldReply>& answer) = 0;

  void conclude(Result<CommandResult> outcome);

 private:
  enum class Stage : std::uint8_t { working, ordering, logging_in };

  void take(Result<OldReply> answer) final;
  void take_order(const Result<OldReply>& answer);
  void log_in();
  void send_password_part();
  void take_login(const Result<OldReply>& answer);

  Stage stage_ = Stage::working;
  bool logged_in_ = false;  ///< or at least tried to
  std::size_t password_part_ = 0;
  OldRequest order_{};
  int order_attempts_ = 1;
  Result<CommandResult> outcome_;
};

}  // namespace bms::ant

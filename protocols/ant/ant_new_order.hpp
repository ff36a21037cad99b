// What all commands of the new protocol share: sending an order, and logging in when the board asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ant/ant_conversation.hpp"
#include "bms/command.hpp"

namespace bms::ant {

/// A permission level and its password as boards come from the factory. Level 1 is for switching, 5 for settings
/// (NotANewNick/antbms-gui, commands.py; a recorded login to level 5).
struct NewLogin {
  std::uint8_t level;
  std::uint16_t slot;
  std::string_view password;
};
inline constexpr NewLogin switching_login{.level = 1, .slot = 0x014A, .password = "12345678"};
inline constexpr NewLogin settings_login{.level = 5, .slot = 0x016A, .password = "123456789abc"};

/// An order is sent, once more after a login if the board refuses it for want of permission, and then believed by what
/// the board shows. Repeating one does no harm.
class NewCommand : public NewConversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const final { return outcome_; }

 protected:
  NewCommand(NewBoard& board, const NewLogin& login) : board_(board), login_(login) {}

  [[nodiscard]] NewBoard& board() { return board_; }

  /// Sends an order; goes on with ordered(), or concludes with the refusal.
  void order(const NewRequest& request);
  /// Logs in, and goes on with ordered() after sending `request`; concludes with the error. Only once.
  void log_in_and_order(const NewRequest& request);
  [[nodiscard]] bool may_log_in() const { return !logged_in_; }

  /// The order was acknowledged, or its acknowledgement was lost: `lost` then says why. Nothing but looking can tell.
  virtual void ordered(const std::optional<Error>& lost) = 0;
  /// The outcome of a question that the command itself asked.
  virtual void answered(const Result<NewReply>& answer) = 0;

  void conclude(Result<CommandResult> outcome);

 private:
  enum class Stage : std::uint8_t { working, ordering, logging_in };

  void take(Result<NewReply> answer) final;
  void take_order(const Result<NewReply>& answer);
  void take_login(const Result<NewReply>& answer);

  NewBoard& board_;
  const NewLogin& login_;
  Stage stage_ = Stage::working;
  bool logged_in_ = false;  ///< or at least tried to
  NewRequest order_;
  Result<CommandResult> outcome_;
};

}  // namespace bms::ant

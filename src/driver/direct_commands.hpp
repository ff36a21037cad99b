// Commands from a desk over a line that is ours alone, and what the board may have to be taken out of.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "console/desk.hpp"
#include "line/board_note.hpp"
#include "line/session.hpp"
#include "link/link.hpp"

namespace bms::driver {

class DirectCommands final : public console::Commands {
 public:
  /// `notes`: the directory of those about the board at `place`; empty: there are none of its family. What an earlier
  /// process may have left open is left by the first poll.
  DirectCommands(link::Link& line, Protocol& protocol, const std::string& notes, const std::string& place);

  [[nodiscard]] Result<void> check(const Command& command) override;
  boost::asio::awaitable<Result<CommandResult>> carry_out(Command command, std::string what, std::string who,
                                                          bool begun) override;
  void end_batch() override { protocol_.leave_mode(); }
  [[nodiscard]] bool may_hold_unsaved() const override { return unsaved_note_.is_set(); }
  bool note_unsaved(bool noted) override { return unsaved_note_.set(noted); }
  void report(const std::string& /*line*/, bool /*changed*/) override {}

  /// Nothing is begun any more.
  void stop() { stopped_ = true; }

  /// A reading. What the board has to leave it leaves before.
  boost::asio::awaitable<Result<Reading>> poll();

  /// The board is taken out of whatever mode it may be in, as far as the line permits.
  boost::asio::awaitable<void> leave();

 private:
  line::Session session_;
  Protocol& protocol_;
  line::BoardNote note_, unsaved_note_;
  bool stopped_ = false;
};

}  // namespace bms::driver

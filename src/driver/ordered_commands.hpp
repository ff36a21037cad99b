// Commands from a desk as orders: between the polls of the battery, in their turn.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>

#include "console/desk.hpp"
#include "driver/orders.hpp"
#include "line/board_note.hpp"
#include "link/link.hpp"

namespace bms::driver {

/// What orders need of the battery.
struct OrderedBattery {
  boost::asio::io_context& loop;
  link::Link& line;
  Orders& orders;
  Protocol& protocol;
  line::BoardNote& unsaved_note;
  std::function<void()> poll_soon;                                    ///< a poll has something to do before its time
  std::function<void(const Command&)> carried_out;                    ///< the board has done it
  std::function<void(const std::string& line, bool changed)> report;  ///< as console::Commands::report
};

class OrderedCommands final : public console::Commands {
 public:
  /// What `battery` refers to must be there until end() is called.
  explicit OrderedCommands(OrderedBattery battery) : battery_(std::move(battery)) {}

  [[nodiscard]] Result<void> check(const Command& command) override;
  boost::asio::awaitable<Result<CommandResult>> carry_out(Command command, std::string what, std::string who,
                                                          bool begun) override;
  void end_batch() override;
  boost::asio::awaitable<void> settle() override;
  [[nodiscard]] bool may_hold_unsaved() const override { return battery_ && battery_->unsaved_note.is_set(); }
  bool note_unsaved(bool noted) override { return !battery_ || battery_->unsaved_note.set(noted); }
  void report(const std::string& line, bool changed) override;

  /// The battery goes: nothing is carried out from now on.
  void end() { battery_.reset(); }

 private:
  std::optional<OrderedBattery> battery_;
};

}  // namespace bms::driver

// Is there a board that is best spoken to in the plain protocol?
//
// Boards of the UP series answer it as well, but report more, and in an order that they state themselves, in their own
// protocol (mr-manuel/venus-os_dbus-serialbattery issue 422). So a board that answers is also asked in that one, and is
// left to it if it answers again; once more if the answer was damaged on its way.
#pragma once

#include <optional>
#include <string>

#include "jbd/jbd_probe.hpp"
#include "jbd/jbd_up_queries.hpp"

namespace bms::jbd {

class PlainProbe final : public Query<std::string> {
 public:
  explicit PlainProbe(Board& board) : plain_(board) {}

  [[nodiscard]] std::optional<Request> request() override;
  Progress receive(Bytes chunk) override { return current().receive(chunk); }
  [[nodiscard]] Error timed_out() override { return current().timed_out(); }
  void give_up(const Error& why) override { current().give_up(why); }
  [[nodiscard]] Result<std::string> result() const override;

 private:
  [[nodiscard]] const up::Probe& latest() const { return again_ ? *again_ : up_; }
  [[nodiscard]] Dialogue& current();

  Probe plain_;
  up::Board up_board_;
  up::Probe up_{up_board_};
  std::optional<up::Probe> again_;
};

}  // namespace bms::jbd

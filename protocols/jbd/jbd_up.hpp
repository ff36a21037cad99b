// The protocol of the UP series as a Protocol.
#pragma once

#include <memory>

#include "jbd/jbd_up_board.hpp"
#include "jbd/jbd_up_poll.hpp"

namespace bms::jbd::up {

/// One pack: the one on the port, or one that answers through it.
class Up final : public Protocol {
 public:
  Up(std::uint8_t address, const Bounds& bounds) : bounds_(bounds) { board_.address = address; }

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override { return bounds_; }

 private:
  const Bounds& bounds_;
  Board board_;
  Poll poll_{board_};
};

}  // namespace bms::jbd::up

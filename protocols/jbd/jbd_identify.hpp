// Asks a JBD board who it is: reads alone, and no factory mode, so that nothing can go wrong with a board that refuses.
#pragma once

#include <cstdint>

#include "jbd/jbd_board.hpp"
#include "jbd/jbd_conversation.hpp"

namespace bms::jbd {

class Identify final : public JbdConversation<DeviceInfo> {
 public:
  explicit Identify(Board& board);

  /// Never an error: what the board does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  enum class Step : std::uint8_t { name, barcode, chip_id };

  void take(Result<Reply> answer) override;
  void take_barcode(const Result<Reply>& answer);
  void ask_for_parameters(Step step, std::uint16_t first, std::uint8_t count);

  Step step_ = Step::name;
  DeviceInfo info_;
};

}  // namespace bms::jbd

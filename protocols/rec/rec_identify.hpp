// Asks a REC unit who it is: name, firmware, and the serial number, which only the ACTIVE BMS 4S has.
#pragma once

#include <cstdint>

#include "rec/rec_board.hpp"
#include "rec/rec_conversation.hpp"

namespace bms::rec {

class Identify final : public RecConversation<DeviceInfo> {
 public:
  explicit Identify(Board& board);

  /// Never an error: what the unit does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  // The number comes before the version: a version that comes late could be taken for a number.
  enum class Step : std::uint8_t { name, serial, firmware };

  void take(const Result<Answer>& answer) override;
  void take_name(const Result<Answer>& answer);
  void take_firmware(Bytes payload);
  void ask_for_firmware();

  Board& board_;
  Step step_ = Step::name;
  DeviceInfo info_;
};

}  // namespace bms::rec

// Asks an 0xA5 board who it is: the battery code that users set, and its versions. Boards need not answer any of it.
#pragma once

#include <string>

#include "daly/daly_a5_conversation.hpp"

namespace bms::daly {

class A5Identify final : public A5Conversation<DeviceInfo> {
 public:
  explicit A5Identify(A5Board& board);

  /// Never an error: what the board does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  enum class Step : std::uint8_t { code, software, hardware, rated };

  void take(Result<Reply> answer) override;
  void take_code(const Result<Reply>& answer);
  void ask_for(Step step);

  Step step_ = Step::code;
  int codes_ = 0;
  Settled<std::string> code_;
  DeviceInfo info_;
};

}  // namespace bms::daly

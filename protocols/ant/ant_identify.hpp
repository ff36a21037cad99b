// Asks an ANT board who it is: reads alone. Boards of the old protocol have nothing to say to that.
#pragma once

#include <cstdint>

#include "ant/ant_conversation.hpp"

namespace bms::ant {

class NewIdentify final : public NewConversation<DeviceInfo> {
 public:
  NewIdentify();

  /// Never an error: what the board does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  enum class Step : std::uint8_t { device_info, identity };

  void take(Result<NewReply> answer) override;

  Step step_ = Step::device_info;
  DeviceInfo info_;
};

/// Asks nothing.
class OldIdentify final : public Query<DeviceInfo> {
 public:
  [[nodiscard]] std::optional<Request> request() override { return std::nullopt; }
  Progress receive(Bytes /*chunk*/) override { return {}; }
  [[nodiscard]] Error timed_out() override { return {ErrorKind::silent, "nothing asked", std::nullopt}; }
  void give_up(const Error& /*why*/) override {}
  [[nodiscard]] Result<DeviceInfo> result() const override;
};

}  // namespace bms::ant

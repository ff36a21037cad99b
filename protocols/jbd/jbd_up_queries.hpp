// Is there a board of the UP series, and who is it?
#pragma once

#include <string>

#include "jbd/jbd_up_conversation.hpp"

namespace bms::jbd::up {

/// Reads the status of the pack, which changes nothing.
class Probe final : public UpConversation<std::string> {
 public:
  explicit Probe(Board& board);

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<Reply> answer) override;

  Result<std::string> result_;
};

/// Reads model, firmware and the serial number of the board. Packs behind the port of another do not answer that.
class Identify final : public UpConversation<DeviceInfo> {
 public:
  explicit Identify(Board& board);

  /// Never an error: what the board does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  enum class Step : std::uint8_t { board, product };

  void take(Result<Reply> answer) override;

  Step step_ = Step::board;
  DeviceInfo info_;
};

}  // namespace bms::jbd::up

// Is there a board of the newer protocol, and who is it?
#pragma once

#include <string>

#include "daly/daly_modbus_conversation.hpp"

namespace bms::daly {

/// Reads the live values, which no other device on a line answers from this address.
class ModbusProbe final : public ModbusConversation<std::string> {
 public:
  explicit ModbusProbe(ModbusBoard& board);

  [[nodiscard]] Result<std::string> result() const override { return result_; }

 private:
  void take(Result<ModbusReply> answer) override;

  Result<std::string> result_;
};

/// Reads the version texts. Only p81 holds a serial number.
class ModbusIdentify final : public ModbusConversation<DeviceInfo> {
 public:
  explicit ModbusIdentify(ModbusBoard& board);

  /// Never an error: what the board does not report stays empty.
  [[nodiscard]] Result<DeviceInfo> result() const override { return info_; }

 private:
  void take(Result<ModbusReply> answer) override;

  DeviceInfo info_;
};

}  // namespace bms::daly

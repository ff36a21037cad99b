// One poll of a board of the newer protocol: one read (d2) or two (p81) bring everything that matters. Allocates
// nothing while all is well.
#pragma once

#include <array>
#include <cstdint>

#include "bms/reading.hpp"
#include "daly/daly_modbus_conversation.hpp"
#include "daly/daly_modbus_decode.hpp"
#include "daly/daly_trust.hpp"

namespace bms::daly {

class ModbusPoll final : public ModbusConversation<Reading> {
 public:
  explicit ModbusPoll(ModbusBoard& board) : ModbusConversation(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { live, status, more, settings };

  void take(Result<ModbusReply> answer) override;
  void take_live(const Words& words);
  void take_more(const Result<ModbusReply>& answer);
  void take_settings(const Result<ModbusReply>& answer);
  void next_after(Step step);
  void finish();
  void end(Error why);

  Step step_ = Step::live;
  unsigned turn_ = 0;  ///< counts polls
  Occasional more_, settings_;
  std::optional<bool> balancing_;
  Result<Reading> result_;
};

/// Adds what the first block of registers says. Errors: implausible.
[[nodiscard]] Result<void> add_live(Reading& reading, const Words& words, const ModbusBoard& board);

/// Adds FETs, counters and failures: registers of the first block on d2, of the second one on p81.
void add_status(Reading& reading, const Words& words, Map map);

/// Every alarm that the alarm registers of p81 can raise, as they raise it.
[[nodiscard]] Alarms p81_alarms_in(const Words& words);

}  // namespace bms::daly

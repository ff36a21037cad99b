// Is there a board of the newer protocol, and who is it?
#include "daly/daly_modbus_queries.hpp"

#include <algorithm>
#include <utility>

#include "bms/words.hpp"
#include "daly/daly_modbus_decode.hpp"
#include "daly/daly_modbus_poll.hpp"

namespace bms::daly {
namespace {

constexpr Patience probe_patience{.attempts = 3,
                                  .first_byte = std::chrono::milliseconds(250),
                                  .whole = std::chrono::milliseconds(600),
                                  .gap = modbus_patience.gap,
                                  .pause = modbus_patience.pause,
                                  .quiet = modbus_patience.quiet};

constexpr std::size_t serial_registers = 7;

Block live_block(Map map) { return map == Map::d2 ? blocks::d2_live : blocks::p81_live; }
Block version_block(Map map) { return map == Map::d2 ? blocks::d2_versions : blocks::p81_versions; }

/// A number that is blank, all zeros, or holds what cannot be printed does not count as one.
std::string usable(std::string serial) {
  const bool printable = std::ranges::none_of(serial, [](char c) { return c == '?'; });
  const bool blank = std::ranges::all_of(serial, [](char c) { return c == ' ' || c == '0'; });
  return printable && !blank ? serial : std::string();
}

}  // namespace

ModbusProbe::ModbusProbe(ModbusBoard& board) : ModbusConversation(board) { ask(live_block(board.map), probe_patience); }

void ModbusProbe::take(Result<ModbusReply> answer) {
  close();
  if (!answer) {
    result_ = std::unexpected(std::move(answer).error());
    return;
  }
  Reading reading;
  const Words words(live_block(board().map).first, answer->words);
  if (auto added = add_live(reading, words, board()); !added) {
    result_ = std::unexpected(std::move(added).error());
    return;
  }
  result_ =
      std::string(board().map == Map::d2 ? "D2" : "81") + " registers, " + counted(reading.cells_v.size(), "cell");
}

ModbusIdentify::ModbusIdentify(ModbusBoard& board) : ModbusConversation(board) {
  info_.family = "Daly";
  ask(version_block(board.map), modbus_patience.with_attempts(2));
}

void ModbusIdentify::take(Result<ModbusReply> answer) {
  close();
  if (!answer) return;
  const Map map = board().map;
  const Words words(version_block(map).first, answer->words);
  info_.firmware = software_text_in(words, map);
  info_.model = hardware_text_in(words, map);
  if (map == Map::p81) info_.serial = usable(text_in(words, registers::serial_text.p81, serial_registers));
}

}  // namespace bms::daly

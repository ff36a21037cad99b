// Asks a JBD board who it is.
#include "jbd/jbd_identify.hpp"

#include <algorithm>
#include <array>

#include "bms/hex.hpp"

namespace bms::jbd {
namespace {

/// Parameters of register FA (vendor text V11). Only newer boards know the register, many have no barcode, and register
/// 16, the serial number, is 0 on most. Some boards do not even report their name. So all is asked briefly and once.
constexpr std::uint16_t barcode_first = 88;
constexpr std::uint8_t barcode_words = 16;
constexpr std::uint16_t chip_id_first = 170;
constexpr std::uint8_t chip_id_words = 6;
constexpr std::size_t head_size = 3;  ///< first parameter and count come before the words

constexpr Patience brief{.attempts = 1,
                         .first_byte = std::chrono::milliseconds(300),
                         .whole = usual_patience.whole,
                         .gap = usual_patience.gap,
                         .pause = std::chrono::milliseconds(0)};

/// A length byte, then the text; empty when it is not printable throughout, as in erased memory.
std::string barcode_of(Bytes words) {
  const std::size_t size = words[0];
  if (size >= words.size()) return {};
  const Bytes text = words.subspan(1, size);
  const auto visible = [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; };
  if (!std::ranges::all_of(text, visible)) return {};
  if (std::ranges::all_of(text, [](std::uint8_t byte) { return byte == ' '; })) return {};
  return printable(text);
}

std::string chip_id_of(Bytes words) {
  const auto is_blank = [](std::uint8_t byte) { return byte == 0x00 || byte == 0xFF; };
  return std::ranges::all_of(words, is_blank) ? std::string() : to_hex(words);
}

}  // namespace

Identify::Identify(Board& board) : JbdConversation(board) {
  info_.family = "JBD";
  if (board.version) info_.firmware = version_text(*board.version);
  ask_to_read(registers::device_name, 0, brief);
}

void Identify::ask_for_parameters(Step step, std::uint16_t first, std::uint8_t count) {
  step_ = step;
  ask(read_parameters_request(first, count, board().address), overhead() + head_size + 2U * count, brief);
}

void Identify::take(Result<Reply> answer) {
  switch (step_) {
    case Step::name:
      if (answer) info_.model = decode_device_name(answer->payload);
      return ask_for_parameters(Step::barcode, barcode_first, barcode_words);
    case Step::barcode: return take_barcode(answer);
    case Step::chip_id:
      if (answer && answer->payload.size() == head_size + 2U * chip_id_words)
        info_.serial = chip_id_of(answer->payload.subspan(head_size));
      return exchange().close();
  }
}

void Identify::take_barcode(const Result<Reply>& answer) {
  // A board that does not know the register will not know it the second time.
  if (!answer) return exchange().close();
  const Bytes words = answer->payload.subspan(head_size);
  if (!words.empty()) info_.serial = barcode_of(words);
  if (!info_.serial.empty()) return exchange().close();
  ask_for_parameters(Step::chip_id, chip_id_first, chip_id_words);
}

}  // namespace bms::jbd

// Is there a board of the UP series, and who is it?
#include "jbd/jbd_up_queries.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "bms/words.hpp"
#include "jbd/jbd_up_poll.hpp"

namespace bms::jbd::up {
namespace {

constexpr int attempts = 2;
constexpr std::size_t series_size = 8;  ///< "UP16S019"

bool printable_throughout(const std::string& text) { return !text.contains('?'); }

/// Only the number after the name of the series tells one board from another; without it, there is no serial number.
std::string usable(const std::string& serial) {
  const bool numbered = serial.size() > series_size &&
                        std::ranges::any_of(serial.substr(series_size), [](char c) { return c != '0' && c != ' '; });
  return numbered && printable_throughout(serial) ? serial : std::string();
}

/// ", 3 packs answer through it (address = 1-3)"; empty: it reports no others.
std::string linked(const PackStatus& status) {
  if (!status.packs || status.packs->count < 2) return {};
  const unsigned mask = status.packs->mask;
  std::string words = ", " + std::to_string(status.packs->count) + " packs answer through it";
  if (std::cmp_not_equal(std::popcount(mask), status.packs->count)) return words;
  // All bits below the highest: the packs are numbered without a gap.
  if ((mask & (mask + 1)) == 0) return words + " (address = 1-" + std::to_string(status.packs->count) + ")";
  std::string numbers;
  for (unsigned bit = 0; bit < last_address; ++bit)
    if ((mask >> bit & 1U) != 0) numbers += (numbers.empty() ? "" : ",") + std::to_string(bit + 1);
  return words + " (address = " + numbers + ")";
}

}  // namespace

Probe::Probe(Board& board) : UpConversation(board) { ask_for_status(); }

void Probe::take(Result<Reply> answer) {
  close();
  if (!answer) {
    result_ = std::unexpected(std::move(answer).error());
    return;
  }
  const PackStatus status = decode_pack_status(answer->payload);
  board().heard = true;
  if (status.firmware) board().firmware = status.firmware;
  result_ = "status of a pack of the UP series, " + counted(status.cells_v.size(), "cell") + linked(status);
}

Identify::Identify(Board& board) : UpConversation(board) {
  info_.family = "JBD";
  if (board.firmware) info_.firmware = firmware_text(*board.firmware);
  ask(blocks::board, frame_overhead, usual_patience.with_attempts(attempts));
}

void Identify::take(Result<Reply> answer) {
  // A board that does not report the one does not report the other.
  if (!answer) return close();
  if (step_ == Step::product) {
    const Product product = decode_product(answer->payload);
    if (printable_throughout(product.model) && !product.model.empty()) info_.model = product.model;
    info_.firmware = product.firmware;
    return close();
  }
  // The serial number of the pack is no help: two packs of one rack were recorded with the same.
  const BoardInfo info = decode_board_info(answer->payload);
  info_.serial = usable(info.board_serial);
  if (printable_throughout(info.board_serial)) info_.model = info.board_serial.substr(0, series_size);
  step_ = Step::product;
  ask(blocks::product, frame_overhead, usual_patience.with_attempts(attempts));
}

}  // namespace bms::jbd::up

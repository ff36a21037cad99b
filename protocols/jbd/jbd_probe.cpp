// Is there a JBD board? Register 03 is asked for, which changes nothing.
#include "jbd/jbd_probe.hpp"
#include "bms/words.hpp"

namespace bms::jbd {

Probe::Probe(Board& board) : JbdConversation(board) { ask_for_basic_info(); }

void Probe::take(Result<Reply> answer) {
  exchange().close();
  if (!answer) {
    result_ = std::unexpected(std::move(answer).error());
    return;
  }
  const auto info = decode_basic_info(*answer);
  if (!info) {
    result_ = std::unexpected(info.error());
    return;
  }
  board().learn(*info);
  result_ = "register 0x03, " + counted(info->cell_count, "cell");
}

}  // namespace bms::jbd

// Asks an ANT board who it is.
#include "ant/ant_identify.hpp"

#include <algorithm>

#include "ant/ant_text.hpp"
#include "bms/hex.hpp"

namespace bms::ant {
namespace {

// Identity was recorded on one model alone, so others may not know it; one that does answers at once.
constexpr int attempts = 2;
constexpr std::size_t text_size = 16;

std::string chip_id_of(Bytes bytes) {
  const auto is_blank = [](std::uint8_t byte) { return byte == 0x00 || byte == 0xFF; };
  return std::ranges::all_of(bytes, is_blank) ? std::string() : to_hex(bytes);
}

}  // namespace

NewIdentify::NewIdentify() {
  info_.family = "ANT";
  ask(device_info_request(), device_info_size + new_frame_overhead, usual_patience.with_attempts(attempts));
}

void NewIdentify::take(Result<NewReply> answer) {
  if (step_ == Step::device_info) {
    if (answer) {
      info_.model = printable(answer->payload.first(text_size));
      info_.firmware = printable(answer->payload.subspan(text_size, text_size));
    }
    step_ = Step::identity;
    return ask(identity_request(), identity_size + new_frame_overhead, usual_patience.with_attempts(attempts));
  }
  if (answer) info_.serial = chip_id_of(answer->payload);
  exchange().close();
}

Result<DeviceInfo> OldIdentify::result() const {
  return DeviceInfo{.family = "ANT", .model = {}, .serial = {}, .firmware = {}};
}

}  // namespace bms::ant

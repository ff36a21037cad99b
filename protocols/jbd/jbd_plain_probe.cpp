// Is there a board that is best spoken to in the plain protocol?
#include "jbd/jbd_plain_probe.hpp"

namespace bms::jbd {
namespace {

bool was_damaged(const Result<std::string>& result) {
  return !result && (result.error().kind == ErrorKind::checksum || result.error().kind == ErrorKind::truncated);
}

}  // namespace

Dialogue& PlainProbe::current() {
  const bool answered = !plain_.request() && plain_.result();
  if (!answered) return plain_;
  return again_ ? *again_ : up_;
}

std::optional<Request> PlainProbe::request() {
  if (!plain_.request() && plain_.result() && !up_.request() && !again_ && was_damaged(up_.result()))
    again_.emplace(up_board_);
  return current().request();
}

Result<std::string> PlainProbe::result() const {
  const Result<std::string> plain = plain_.result();
  if (plain && latest().result())
    return failure(ErrorKind::unexpected_command, "it speaks the protocol of the UP series as well");
  return plain;
}

}  // namespace bms::jbd

// Is there a board that is best spoken to in the plain protocol?
#include "jbd/jbd_plain_probe.hpp"

namespace bms::jbd {

Dialogue& PlainProbe::current() {
  const bool answered = !plain_.request() && plain_.result();
  return answered ? static_cast<Dialogue&>(up_) : plain_;
}

std::optional<Request> PlainProbe::request() { return current().request(); }

Result<std::string> PlainProbe::result() const {
  const Result<std::string> plain = plain_.result();
  if (plain && up_.result())
    return failure(ErrorKind::unexpected_command, "it speaks the protocol of the UP series as well");
  return plain;
}

}  // namespace bms::jbd

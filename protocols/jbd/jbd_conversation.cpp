// What conversations with a JBD board have in common.
#include "jbd/jbd_conversation.hpp"

#include <string>

namespace bms::jbd {
namespace {

std::string meaning_of_status(std::uint8_t status) {
  switch (status) {  // vendor text V11
    case 0x80: return "no such command";
    case 0x81: return "not allowed now, or a password is missing";
    case 0x82: return "checksum of the request wrong";
    case 0x83: return "password refused";
    default: return "meaning unknown";
  }
}

}  // namespace

Result<Reply> status_checked(const Reply& reply) {
  if (reply.status == 0) return reply;
  return failure(ErrorKind::status,
                 "the BMS refused register " + hex(reply.address) + " with status " + hex(reply.status) + " (" +
                     meaning_of_status(reply.status) + ")",
                 reply.status);
}

}  // namespace bms::jbd

// One question after the other: the part of a dialogue that all conversations with a JBD board share.
#include "jbd/jbd_conversation.hpp"

#include "bms/hex.hpp"

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

std::string hex(std::uint8_t byte) { return "0x" + to_hex(Bytes(&byte, 1)); }

Result<Reply> accepted(const Reply& reply) {
  if (reply.status == 0) return reply;
  return failure(ErrorKind::status,
                 "the BMS refused register " + hex(reply.address) + " with status " + hex(reply.status) + " (" +
                     meaning_of_status(reply.status) + ")",
                 reply.status);
}

void Exchange::ask(const RequestBytes& bytes, std::size_t reply_size, const Patience& patience) {
  bytes_ = bytes;
  reply_size_ = reply_size;
  patience_ = patience;
  receiver_.expect(expectation_of(bytes_));
  open_ = true;
}

std::optional<Request> Exchange::request() const {
  if (!open_) return std::nullopt;
  return Request{.bytes = bytes_,
                 .reply_size = reply_size_,
                 .attempts = patience_.attempts,
                 .first_byte = patience_.first_byte,
                 .whole = patience_.whole,
                 .gap = patience_.gap,
                 .pause = patience_.pause};
}

Error Exchange::timed_out() {
  const bool untouched = receiver_.untouched();
  const Outcome outcome = receiver_.finish();
  const std::string question = open_ ? "asked for register " + hex(bytes_[2]) + ": " : "nothing asked: ";
  if (untouched) return {ErrorKind::silent, question + "not one byte came", std::nullopt};
  if (outcome.reason != ErrorKind::unexpected_command)
    return {outcome.reason, question + "no sound answer, " + std::string(name_of(outcome.reason)), std::nullopt};
  const bool echo = outcome.echoes > 0;
  return {ErrorKind::silent,
          question + (outcome.strangers > 0 ? "only answers to other questions came"
                      : echo                ? "only the echo of the request came"
                                            : "nothing came"),
          std::nullopt};
}

}  // namespace bms::jbd

// Failures as values. A few kinds, each with a consequence; the text says what was expected, what came, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace bms {

/// Why something was refused.
enum class ErrorKind : std::uint8_t {
  // What a parser can say of bytes; the first seven are also the words of the frame files.
  garbage,             ///< no start of a frame at all (also: nothing came)
  truncated,           ///< a frame began and did not end
  end_marker,          ///< the byte where the frame ends is another one
  checksum,            ///< the checksum differs
  unexpected_command,  ///< only whole frames that answer something else
  status,              ///< the BMS refused; `Error::status` holds its code
  length,              ///< a sound frame whose content is too short or too long for what it claims to be
  // What is said of values and of conversations.
  implausible,  ///< a sound frame with values that cannot be true
  silent,       ///< not one byte came
  rejected,     ///< a command outside its table: unknown name, range, type or access
  unverified,   ///< the BMS acknowledged a write, reading back says otherwise
  unconfirmed,  ///< an order was sent, and whether the BMS has done it is not known
  link,         ///< the port is gone or cannot be used
  unsupported,  ///< recognised, but a board or firmware that cannot be served; the message says what to do
  foreign,      ///< another device talks on this line
  // What became of an order that never reached the BMS.
  busy,        ///< too many orders are waiting
  superseded,  ///< a newer order for the same thing has taken its place
  expired,     ///< its turn did not come in time
  forbidden,   ///< nobody may do this here; the message says what would permit it
};

inline constexpr std::size_t error_kind_count = static_cast<std::size_t>(ErrorKind::forbidden) + 1;

/// The word for a kind, as used in logs and in the frame files: "checksum", "end_marker", ...
[[nodiscard]] constexpr std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    using enum ErrorKind;
    case garbage: return "garbage";
    case truncated: return "truncated";
    case end_marker: return "end_marker";
    case checksum: return "checksum";
    case unexpected_command: return "unexpected_command";
    case status: return "status";
    case length: return "length";
    case implausible: return "implausible";
    case silent: return "silent";
    case rejected: return "rejected";
    case unverified: return "unverified";
    case unconfirmed: return "unconfirmed";
    case link: return "link";
    case foreign: return "foreign";
    case unsupported: return "unsupported";
    case busy: return "busy";
    case superseded: return "superseded";
    case expired: return "expired";
    case forbidden: return "forbidden";
  }
  return "unknown";
}

/// A failure: its kind, and one sentence for people (expected, came, where).
struct Error {
  ErrorKind kind = ErrorKind::garbage;
  std::string message;
  std::optional<std::uint8_t> status;  ///< the BMS's own code, for ErrorKind::status
};

/// A value or the reason why there is none.
template <class T>
using Result = std::expected<T, Error>;

/// Shorthand for `return std::unexpected(Error{...})`.
[[nodiscard]] inline std::unexpected<Error> failure(ErrorKind kind, std::string message,
                                                    std::optional<std::uint8_t> status = std::nullopt) {
  return std::unexpected(Error{kind, std::move(message), status});
}

}  // namespace bms

// Where bytes come from, and the time that passes while waiting for them. Knows nothing of batteries.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "bms/time.hpp"

namespace bms::link {

/// A line to one or more BMSs. A recorded line brings its own clock, so whoever talks over a link asks it for the time.
/// One coroutine at a time waits for it, in whatever way.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  /// The time on this line.
  [[nodiscard]] virtual TimePoint now() const = 0;

  /// Waits until then; returns at once when it has passed.
  virtual boost::asio::awaitable<void> sleep_until(TimePoint time) = 0;

  /// Likewise for a pause between two conversations, which wake() ends early.
  virtual boost::asio::awaitable<void> rest_until(TimePoint time) { return sleep_until(time); }

  /// Ends the present rest_until(), if there is one. Recordings are not hurried.
  virtual void wake() {}

  /// Sets the speed in baud, of an open line at once and of a closed one when it is opened. Links that have none ignore
  /// it. Errors: ErrorKind::link when the line cannot do it; it is closed then.
  [[nodiscard]] virtual Result<void> use_baud(unsigned baud) = 0;

  /// Opens the line, again if it was open; that may take time. Errors: ErrorKind::link with the reason.
  virtual boost::asio::awaitable<Result<void>> open() = 0;

  /// Empties both buffers: input that came before it was asked for, and output that was not taken yet. Returns how many
  /// bytes of input there were (answers that came too late).
  virtual std::size_t discard_input() = 0;

  /// Sends all of `bytes`. Errors: ErrorKind::link when the line is gone.
  virtual boost::asio::awaitable<Result<void>> write(Bytes bytes) = 0;

  /// The moment before which so many further bytes cannot have come. A line that does not know says that they can be
  /// here.
  [[nodiscard]] virtual TimePoint earliest(std::size_t bytes) const = 0;

  /// Waits for bytes, at the latest until `deadline`, and returns how many were stored into `buffer` (0: the deadline
  /// has passed). With a deadline that has passed already it takes what is here. Errors: ErrorKind::link when the line
  /// is gone.
  virtual boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) = 0;
};

}  // namespace bms::link

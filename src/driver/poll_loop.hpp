// Polls one BMS, once per interval, for as long as its line exists. The same loop serves a live port and a recording.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "bms/protocol.hpp"
#include "driver/pipeline.hpp"
#include "driver/session.hpp"
#include "link/link.hpp"

namespace bms::driver {

/// Who wants to know how polling goes.
class PollObserver {
 public:
  virtual ~PollObserver() = default;
  /// A reading was believed: battery and limits are new.
  virtual void on_reading() = 0;
  /// A poll brought nothing that can be believed.
  virtual void on_fault(const Error& why) = 0;
  /// A poll is over, well or badly: the loop is alive.
  virtual void on_poll_end() = 0;
};

/// The poll plan over time.
class PollLoop {
 public:
  PollLoop(link::Link& line, Protocol& protocol, Session& session, Pipeline& pipeline, PollObserver& observer)
      : line_(line), protocol_(protocol), session_(session), pipeline_(pipeline), observer_(observer) {}

  /// One cycle: polls until a reading is believed, again at once on a noisy line, and gives up after a few.
  /// Errors: ErrorKind::link when the line is gone. Everything else goes to the observer.
  boost::asio::awaitable<Result<void>> cycle();

  /// Cycles at `interval` until the line is gone, and returns why. A line that stays silent is opened anew now and
  /// then.
  boost::asio::awaitable<Error> run(Clock::duration interval);

  /// Whether frames were damaged lately.
  [[nodiscard]] bool line_noisy() const { return clean_polls_ < clean_polls_to_trust; }

 private:
  boost::asio::awaitable<Result<void>> poll();

  // A minute of clean polls at the default interval.
  static constexpr int clean_polls_to_trust = 60;

  link::Link& line_;
  Protocol& protocol_;
  Session& session_;
  Pipeline& pipeline_;
  PollObserver& observer_;
  int clean_polls_ = clean_polls_to_trust;
  int failed_cycles_ = 0;
  Result<Reading> reading_;  ///< what the last poll brought
};

}  // namespace bms::driver

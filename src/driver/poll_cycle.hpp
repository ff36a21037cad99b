// Polls one BMS, cycle by cycle. The same loop serves a live port and a recording.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <span>

#include "bms/protocol.hpp"
#include "driver/pipeline.hpp"
#include "line/session.hpp"
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

/// A BMS that takes its turn on the line.
class Polled {
 public:
  virtual ~Polled() = default;

  /// One poll cycle. Errors: ErrorKind::link when the line is gone; everything else is the BMS's own affair.
  virtual boost::asio::awaitable<Result<void>> cycle() = 0;

  /// Cycles in a row that brought no believable reading.
  [[nodiscard]] virtual int failed_cycles() const = 0;

  /// From when on it has an order for the BMS; empty: it has none.
  [[nodiscard]] virtual std::optional<TimePoint> order_due() const { return std::nullopt; }

  /// Carries out one order that is due. Errors: ErrorKind::link when the line is gone.
  virtual boost::asio::awaitable<Result<void>> obey();
};

/// The polls of one BMS.
class PollCycle final : public Polled {
 public:
  PollCycle(link::Link& line, Protocol& protocol, line::Session& session, Pipeline& pipeline, PollObserver& observer)
      : line_(line), protocol_(protocol), session_(session), pipeline_(pipeline), observer_(observer) {}

  /// One cycle: polls until a reading is believed, again at once on a noisy line, and gives up after a few. A BMS that
  /// talks by itself is heard once.
  /// Errors: ErrorKind::link when the line is gone. Everything else goes to the observer.
  boost::asio::awaitable<Result<void>> cycle() override;

  [[nodiscard]] int failed_cycles() const override { return failed_cycles_; }

  /// Whether frames were damaged lately.
  [[nodiscard]] bool line_noisy() const { return clean_polls_ < clean_polls_to_trust; }

 private:
  boost::asio::awaitable<Result<void>> poll();

  // A minute of clean polls at the default interval.
  static constexpr int clean_polls_to_trust = 60;

  link::Link& line_;
  Protocol& protocol_;
  line::Session& session_;
  Pipeline& pipeline_;
  PollObserver& observer_;
  int clean_polls_ = clean_polls_to_trust;
  int failed_cycles_ = 0;
  bool listens_ = false;     ///< the BMS talks by itself: asking again brings nothing sooner
  Result<Reading> reading_;  ///< what the last poll brought
};

/// Cycles of all BMSs on one line, in turn, at `interval`, until the line is gone; returns why. One that stays silent
/// is asked more rarely, so that it does not hold up the others; when all are silent the line is opened anew now and
/// then.
///
/// In between, orders are carried out as soon as they are due, and the next round follows at once to see what has
/// become of them. After a second of orders the others wait for that round to pass.
boost::asio::awaitable<Error> poll_in_turn(link::Link& line, std::span<Polled* const> boards, Clock::duration interval);

}  // namespace bms::driver

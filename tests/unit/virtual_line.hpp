// A simulated board behind a line on a clock of its own: bytes take the time that they take on a wire, boards their
// time to answer, adapters hand over in the lots that they hand over in, and every wait is counted.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "link/link.hpp"
#include "link/wire.hpp"
#include "sim/family.hpp"

namespace bms::test {

/// How a line behaves.
struct LineManners {
  std::chrono::milliseconds latency{20};  ///< of the board, from the end of a question to the start of its answer
  std::chrono::milliseconds jitter{0};    ///< this much more at most, evenly spread
  std::size_t lot = 8;                    ///< bytes that the adapter hands over together
  /// An adapter that hands over incomplete lots only at such times (the latency timer of FTDI chips); 0: at once.
  std::chrono::milliseconds lot_timer{0};
  std::chrono::microseconds late_wake_up{100};  ///< sleepers wake up this much too late at most
};

/// A board of `bms-sim`, by its subcommand and options.
class SimulatedBoard {
 public:
  explicit SimulatedBoard(const std::string& family, std::vector<std::string> options = {},
                          const sim::PackOptions& pack = {.drift = true})
      : pack_(pack) {
    const auto known = std::ranges::find(sim::board_families(), family, [](const auto& one) { return one.name; });
    if (known == sim::board_families().end()) throw std::invalid_argument("no simulated family " + family);
    CLI::App app;
    const auto make = known->add_options(app);
    std::ranges::reverse(options);  // as CLI11 wants them
    app.parse(options);
    board_ = make(pack_, {.number = 0, .seed = 1});
  }

  [[nodiscard]] sim::Board& board() { return *board_; }
  [[nodiscard]] sim::Pack& pack() { return pack_; }

 private:
  sim::Pack pack_;
  std::unique_ptr<sim::Board> board_;
};

class VirtualLine final : public link::Link {
 public:
  VirtualLine(SimulatedBoard& device, unsigned baud, const LineManners& manners)
      : device_(device), wire_(baud), manners_(manners) {
    if (device_.board().pause_before_speaking()) speaks_at_ = now_;
  }

  /// How often the process would have waited.
  [[nodiscard]] unsigned wake_ups() const { return wake_ups_; }

  /// From when the last byte was handed over to when it was taken, of the newest bytes.
  [[nodiscard]] Clock::duration age_of_last_byte() const { return age_; }

  /// Behaves so from the next question on.
  void behave(const LineManners& manners) { manners_ = manners; }

  /// Lets something happen at a time, if the line rests then.
  void while_resting(TimePoint at, std::function<void()> event) { events_.push_back({at, std::move(event)}); }

  /// Pulls the plug, and puts it in again.
  void unplug() { plugged_in_ = false; }
  void plug_in() { plugged_in_ = true; }

  /// Asked for every byte that is about to cross the line, either way: whether it does. May throw.
  std::function<bool()> crosses = [] { return true; };

  /// Asked for every question before the board is: what it brings is answered in the board's place.
  std::function<std::optional<std::vector<std::uint8_t>>(Bytes question)> instead = [](Bytes) { return std::nullopt; };

  /// Changes bytes of answers on their way.
  std::function<void(std::vector<std::uint8_t>&)> damage = [](auto&) {};

  [[nodiscard]] TimePoint now() const override { return now_; }
  boost::asio::awaitable<void> sleep_until(TimePoint time) override {
    if (time > now_) wake_up_at(time);
    co_return;
  }
  boost::asio::awaitable<void> rest_until(TimePoint time) override {
    woken_ = false;
    while (!events_.empty() && events_.front().at <= time && !woken_) {
      now_ = std::max(now_, events_.front().at);
      const auto event = std::move(events_.front().what);
      events_.pop_front();
      event();
    }
    if (!woken_) co_await sleep_until(time);
  }
  void wake() override { woken_ = true; }
  [[nodiscard]] Result<void> use_baud(unsigned baud) override {
    wire_.use_baud(baud);
    return {};
  }
  boost::asio::awaitable<Result<void>> open() override { co_return Result<void>{}; }

  std::size_t discard_input() override {
    say_what_is_due(now_);
    std::size_t dropped = 0;
    while (is_here(now_)) dropped += take_front();
    return dropped;
  }

  boost::asio::awaitable<Result<void>> write(Bytes bytes) override {
    if (!plugged_in_) co_return failure(ErrorKind::link, "unplugged");
    wire_.sent(bytes.size(), now_);
    if (auto answer = instead(bytes)) {
      say(*std::move(answer), wire_.earliest(1) + time_to_answer());
      co_return Result<void>{};
    }
    for (const std::uint8_t byte : bytes) {
      if (!crosses()) continue;
      if (const auto answer = device_.board().receive(byte)) say(answer->bytes, wire_.earliest(1) + time_to_answer());
    }
    if (!plugged_in_) co_return failure(ErrorKind::link, "unplugged");
    co_return Result<void>{};
  }

  [[nodiscard]] TimePoint earliest(std::size_t bytes) const override { return wire_.earliest(bytes); }

  boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override {
    say_what_is_due(deadline);
    if (!is_here(now_)) {
      if (now_ >= deadline) co_return std::size_t{0};
      const bool comes = is_here(deadline);
      wake_up_at(comes ? arriving_.front().at : deadline);
      if (!comes) co_return std::size_t{0};
    }
    std::size_t count = 0;
    while (count < buffer.size() && is_here(now_)) {
      age_ = now_ - arriving_.front().at;
      buffer[count++] = arriving_.front().byte;
      arriving_.pop_front();
    }
    wire_.received(now_);
    co_return count;
  }

 private:
  struct Arrival {
    TimePoint at;
    std::uint8_t byte;
  };

  struct Event {
    TimePoint at;
    std::function<void()> what;
  };

  void wake_up_at(TimePoint time) {
    ++wake_ups_;
    now_ = time + spread(manners_.late_wake_up);
  }

  Clock::duration spread(Clock::duration most) {
    return Clock::duration(std::uniform_int_distribution<Clock::rep>(0, most.count())(random_));
  }
  Clock::duration time_to_answer() { return manners_.latency + spread(manners_.jitter); }

  [[nodiscard]] bool is_here(TimePoint time) const { return !arriving_.empty() && arriving_.front().at <= time; }

  std::size_t take_front() {
    arriving_.pop_front();
    return 1;
  }

  /// Bytes leave the board one after the other, and the adapter collects them.
  void say(std::vector<std::uint8_t> bytes, TimePoint begin) {
    damage(bytes);
    std::erase_if(bytes, [this](std::uint8_t) { return !crosses(); });
    if (bytes.empty()) return;
    begin = std::max(begin, free_at_);
    free_at_ = begin + wire_.time(bytes.size());
    std::vector<TimePoint> on_wire;
    on_wire.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) on_wire.push_back(begin + wire_.time(i + 1));
    for (std::size_t first = 0; first < bytes.size();) {
      TimePoint handed_over{};
      std::size_t end = std::min(first + manners_.lot, bytes.size());
      if (manners_.lot_timer.count() > 0) {
        const Clock::duration period = manners_.lot_timer;
        const TimePoint tick{(on_wire[first].time_since_epoch() / period + 1) * period};
        while (end > first + 1 && on_wire[end - 1] > tick) --end;
        const bool full = end == first + manners_.lot;
        handed_over = full ? on_wire[end - 1] : tick;
      } else {
        handed_over = on_wire[end - 1];
      }
      for (; first < end; ++first) arriving_.push_back({handed_over, bytes[first]});
    }
  }

  void say_what_is_due(TimePoint time) {
    while (speaks_at_ && *speaks_at_ <= time) {
      const auto words = device_.board().speak();
      say(words.bytes, *speaks_at_);
      *speaks_at_ += *device_.board().pause_before_speaking();
    }
  }

  SimulatedBoard& device_;
  link::Wire wire_;
  LineManners manners_;
  std::mt19937_64 random_{1};
  TimePoint now_{std::chrono::hours(1)};
  std::optional<TimePoint> speaks_at_;  ///< when a board that talks by itself does so next
  TimePoint free_at_{};
  std::deque<Arrival> arriving_;
  std::deque<Event> events_;  ///< the next one first
  bool plugged_in_ = true;
  bool woken_ = false;
  Clock::duration age_{};
  unsigned wake_ups_ = 0;
};

}  // namespace bms::test

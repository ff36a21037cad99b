// Polls a board many times on a clock of its own and shows that the heap does not grow: everything from the bytes to
// the items is here, only the port and the bus are not. `poll_soak [POLLS]`; also meant to be run under valgrind.
#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <vector>

#include "driver/poll_cycle.hpp"
#include "items/battery_items.hpp"
#include "registry.hpp"

namespace bms {
namespace {

namespace asio = boost::asio;

/// A line to a board with 4 cells whose current is different in every answer; gone after so many answers.
class EndlessLine final : public link::Link {
 public:
  explicit EndlessLine(unsigned answers) : answers_left_(answers) {}

  [[nodiscard]] TimePoint now() const override { return now_; }
  asio::awaitable<void> sleep_until(TimePoint time) override {
    now_ = std::max(now_, time);
    co_return;
  }
  Result<void> use_baud(unsigned /*baud*/) override { return {}; }
  asio::awaitable<Result<void>> open() override { co_return Result<void>{}; }
  std::size_t discard_input() override { return 0; }

  asio::awaitable<Result<void>> write(Bytes bytes) override {
    if (answers_left_ == 0) co_return failure(ErrorKind::link, "enough");
    --answers_left_;
    answer_ = bytes[2] == 0x03 ? &basic_ : &cells_;
    if (answer_ == &basic_) change_current();
    co_return Result<void>{};
  }

  [[nodiscard]] TimePoint earliest(std::size_t /*bytes*/) const override { return now_; }

  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override {
    if (answer_ == nullptr) {
      now_ = deadline;
      co_return std::size_t{0};
    }
    now_ += std::chrono::milliseconds(50);
    std::ranges::copy(*answer_, buffer.begin());
    const std::size_t count = answer_->size();
    answer_ = nullptr;
    co_return count;
  }

 private:
  void change_current() {
    basic_[7] = static_cast<std::uint8_t>(answers_left_);
    unsigned sum = 0;
    for (std::size_t i = 2; i < basic_.size() - 3; ++i) sum += basic_[i];
    const unsigned checksum = 0x10000 - sum;
    basic_[basic_.size() - 3] = static_cast<std::uint8_t>(checksum >> 8U);
    basic_[basic_.size() - 2] = static_cast<std::uint8_t>(checksum);
  }

  // A real board's answers: syssi/esphome-jbd-bms: docs/pdus/JBD-SP04S034-L4S-200A-B-U.txt.
  std::vector<std::uint8_t> basic_ = {0xDD, 0x03, 0x00, 0x1D, 0x06, 0x18, 0x00, 0x00, 0x01, 0xF2, 0x01, 0xF4,
                                      0x00, 0x00, 0x2C, 0x7C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x64,
                                      0x03, 0x04, 0x03, 0x0B, 0x8B, 0x0B, 0x8A, 0x0B, 0x84, 0xFA, 0x8D, 0x77};
  std::vector<std::uint8_t> cells_ = {0xDD, 0x04, 0x00, 0x08, 0x0F, 0x45, 0x0F, 0x3D,
                                      0x0F, 0x37, 0x0F, 0x3D, 0xFE, 0xC6, 0x77};
  const std::vector<std::uint8_t>* answer_ = nullptr;
  unsigned answers_left_;
  TimePoint now_{};
};

/// Takes over every reading and looks at the heap once all is warm, and at the end.
class Observer final : public driver::PollObserver {
 public:
  explicit Observer(const driver::Pipeline& pipeline) : pipeline_(pipeline) {}

  void on_reading() override {
    if (!items_) items_.emplace(items::ServiceFacts{}, pipeline_.battery(), UserBounds{});
    items_->update(pipeline_.battery(), pipeline_.limits());
    items_->tree().clear_changes();
    constexpr unsigned warm = 500;
    if (++readings_ == warm) heap_when_warm_ = mallinfo2().uordblks;
  }
  void on_fault(const Error& why) override { std::cerr << "fault: " << why.message << "\n"; }
  void on_poll_end() override {}

  [[nodiscard]] unsigned readings() const { return readings_; }
  [[nodiscard]] std::size_t heap_when_warm() const { return heap_when_warm_; }

 private:
  const driver::Pipeline& pipeline_;
  std::optional<items::BatteryItems> items_;
  unsigned readings_ = 0;
  std::size_t heap_when_warm_ = 0;
};

int soak(unsigned polls) {
  EndlessLine line(2 * polls);
  const auto protocol = find_family("jbd")->make({});
  line::Session session(line);
  driver::Pipeline pipeline(protocol->bounds(), {});
  Observer observer(pipeline);
  driver::PollCycle loop(line, *protocol, session, pipeline, observer);
  driver::Polled* const boards[] = {&loop};
  asio::io_context io{1};
  std::size_t heap_at_end = 0;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        const Error end = co_await driver::poll_in_turn(line, boards, std::chrono::seconds(1));
        heap_at_end = mallinfo2().uordblks;
      },
      asio::detached);
  io.run();
  std::cout << observer.readings() << " readings, heap " << observer.heap_when_warm() << " bytes when warm, "
            << heap_at_end << " bytes at the end\n";
  // A message that is formatted at the very end may be alive still.
  constexpr std::size_t slack = 4096;
  return observer.readings() == polls && heap_at_end <= observer.heap_when_warm() + slack ? 0 : 1;
}

}  // namespace
}  // namespace bms

int main(int argc, char** argv) {
  constexpr unsigned usual = 10'000;
  return bms::soak(argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : usual);
}

// Fuzzes the search for a BMS. The input is a recipe for a line: silence, noise, and the recorded frames of all
// families, whole, damaged and cut, as answers to whatever is asked and unasked. What must hold: the search ends in
// bounded time, and what it claims to have found has brought a plausible reading.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <deque>
#include <nlohmann/json.hpp>
#include <vector>

#include "../frames/frame_files.hpp"
#include "battery/plausibility.hpp"
#include "bms/hex.hpp"
#include "line/detection.hpp"
#include "recipe.hpp"
#include "registry.hpp"

namespace {

using namespace bms;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using namespace fuzz;

const std::vector<ByteVector>& recorded_frames() {
  static const std::vector<ByteVector> frames = [] {
    std::vector<ByteVector> all;
    for (const Family& family : families()) {
      for (const auto& one : frame_files::cases_of(family.name)) {
        const auto& response = one["response"];
        for (const auto& piece : response.is_array() ? response : frame_files::Json::array({response})) {
          if (piece.is_string()) all.push_back(from_hex(piece.get<std::string>()).value());
        }
      }
    }
    return all;
  }();
  return frames;
}

/// A line that says what the recipe says, on a clock of its own.
class RecipeLine final : public link::Link {
 public:
  explicit RecipeLine(Bytes recipe) : recipe_(recipe) {}

  [[nodiscard]] TimePoint now() const override { return now_; }
  asio::awaitable<void> sleep_until(TimePoint time) override {
    now_ = std::max(now_, time);
    co_return;
  }
  [[nodiscard]] Result<void> use_baud(unsigned baud) override {
    if (baud == 56000 && odd_speeds_fail_) return failure(ErrorKind::link, "cannot do 56000 baud");
    return {};
  }
  boost::asio::awaitable<Result<void>> open() override { co_return Result<void>{}; }
  std::size_t discard_input() override { return std::exchange(waiting_, {}).size(); }

  asio::awaitable<Result<void>> write(Bytes bytes) override {
    must(!bytes.empty());
    say_something();
    co_return Result<void>{};
  }

  [[nodiscard]] TimePoint earliest(std::size_t /*bytes*/) const override { return now_; }

  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override {
    must(deadline - now_ < 60s);
    if (waiting_.empty() && (byte() & 7U) == 0) say_something();
    if (waiting_.empty()) {
      now_ = std::max(now_, deadline);
      co_return std::size_t{0};
    }
    const std::size_t count = std::min({buffer.size(), waiting_.size(), std::size_t{1} + byte()});
    std::copy_n(waiting_.begin(), count, buffer.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    now_ += 1ms;
    co_return count;
  }

  void odd_speeds_fail(bool fail) { odd_speeds_fail_ = fail; }

 private:
  // A used-up recipe says nothing more.
  std::uint8_t byte() { return recipe_.empty() ? 1 : recipe_.byte(); }

  void say_something() {
    const std::uint8_t kind = byte();
    if ((kind & 3U) == 0) return;
    const unsigned high = byte();
    const unsigned which = high * 256U + byte();
    ByteVector words = recorded_frames()[which % recorded_frames().size()];
    if ((kind & 3U) == 1 && !words.empty()) words[byte() % words.size()] ^= static_cast<std::uint8_t>(byte());
    if ((kind & 4U) != 0) words.resize(std::min<std::size_t>(words.size(), byte()));
    waiting_.insert(waiting_.end(), words.begin(), words.end());
  }

  Recipe recipe_;
  std::deque<std::uint8_t> waiting_;
  TimePoint now_{};
  bool odd_speeds_fail_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  RecipeLine line(Bytes(data, size).subspan(1));
  line.odd_speeds_fail((data[0] & 2U) != 0);
  const bool listen_first = (data[0] & 1U) != 0;
  line::Detection detection(line, {});
  const auto candidates = line::candidates_of({.family = {}, .addresses = {}});
  asio::io_context loop{1};
  std::optional<Result<line::Detected>> outcome;
  asio::co_spawn(
      loop, [&]() -> asio::awaitable<void> { outcome.emplace(co_await detection.run(candidates, 13s, listen_first)); },
      asio::detached);
  loop.run();
  must(outcome.has_value());
  must(line.now() - TimePoint{} < 5min);
  if (*outcome) must(battery::check_plausible((*outcome)->reading, (*outcome)->protocol->bounds()).has_value());
  return 0;
}

// Where others hear what passes over a line. While nobody listens, what comes costs one
// look at a list; questions are copied, since the censor must know them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "bms/traffic.hpp"
#include "link/link.hpp"
#include "link/traffic_memory.hpp"

namespace bms::link {

/// Takes out of what passes what nobody may see. Questions are always shown to it, since what comes later may be the
/// answer of one.
class Censor {
 public:
  Censor() = default;
  Censor(const Censor&) = delete;
  Censor& operator=(const Censor&) = delete;
  virtual ~Censor() = default;

  virtual void sent(std::span<std::uint8_t> question) = 0;
  virtual void received(std::span<std::uint8_t> piece) = 0;
};

class Tap {
 public:
  explicit Tap(std::unique_ptr<Censor> censor) : censor_(std::move(censor)) {}

  /// Tells `listener` of every piece, until what is returned is gone. It must not wait.
  [[nodiscard]] Listening listen(TrafficListener listener);

  /// From now on the last minute is kept.
  void remember() { memory_.emplace(); }

  /// What has been kept; see TrafficMemory::recall.
  [[nodiscard]] std::vector<KeptTraffic> recall(TimePoint now) const;

  /// What came is of interest to somebody.
  [[nodiscard]] bool is_heard() const { return !listeners_.empty() || memory_; }

  void sent(TimePoint at, Bytes question);
  void received(TimePoint at, Bytes piece);

 private:
  void tell(const Traffic& piece);

  std::unique_ptr<Censor> censor_;
  std::optional<TrafficMemory> memory_;
  std::vector<std::weak_ptr<TrafficListener>> listeners_;
  std::vector<std::uint8_t> censored_;
};

/// A link whose traffic others can hear.
class TappedLink final : public Link {
 public:
  TappedLink(Link& line, Tap& tap) : line_(line), tap_(tap) {}

  [[nodiscard]] TimePoint now() const override { return line_.now(); }
  boost::asio::awaitable<void> sleep_until(TimePoint time) override { return line_.sleep_until(time); }
  boost::asio::awaitable<void> rest_until(TimePoint time) override { return line_.rest_until(time); }
  void wake() override { line_.wake(); }
  [[nodiscard]] Result<void> use_baud(unsigned baud) override { return line_.use_baud(baud); }
  boost::asio::awaitable<Result<void>> open() override { return line_.open(); }
  std::size_t discard_input() override { return line_.discard_input(); }
  boost::asio::awaitable<Result<void>> write(Bytes bytes) override;
  [[nodiscard]] TimePoint earliest(std::size_t bytes) const override { return line_.earliest(bytes); }
  boost::asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override;

 private:
  boost::asio::awaitable<Result<std::size_t>> read_aloud(std::span<std::uint8_t> buffer, TimePoint deadline);

  Link& line_;
  Tap& tap_;
};

}  // namespace bms::link

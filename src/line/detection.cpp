#include "line/detection.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "battery/plausibility.hpp"
#include "bms/hex.hpp"
#include "line/talker.hpp"
#include "registry.hpp"

namespace bms::line {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Devices that talk do so once a second; what comes in the first moment may be a late answer to another driver.
constexpr auto drain_time = 300ms;
constexpr auto listen_time = 1200ms;
// Fewer bytes than this are noise of the line.
constexpr std::size_t talks = 8;

// In the first round each is asked only one thing, and gets the time that a healthy board needs; in the second one each
// gets what it asks for.
constexpr auto first_round_patience = 500ms;
constexpr auto full_patience = std::chrono::milliseconds::max();

// An answer that was damaged on the way is a strong hint.
constexpr int tries_after_damage = 5;
constexpr int tries_to_confirm = 4;

constexpr unsigned speeds_of_talkers[] = {115200, 19200, 9600, 4800, 38400, 57600};

/// A dialogue that is asked less often, and waits less, than it would. With less than full patience it is broken off
/// when its first question meets silence.
class Hurried final : public Dialogue {
 public:
  Hurried(Dialogue& dialogue, int attempts, std::chrono::milliseconds patience)
      : dialogue_(dialogue), attempts_(attempts), patience_(patience) {}

  std::optional<Request> request() override {
    if (broken_off_) return std::nullopt;
    auto question = dialogue_.request();
    if (!question) return question;
    question->attempts = attempts_;
    if (question->bytes.empty()) return question;
    question->first_byte = std::min(question->first_byte, patience_);
    question->pause = {};
    return question;
  }
  Progress receive(Bytes chunk) override {
    const Progress progress = dialogue_.receive(chunk);
    heard_ = heard_ || progress.begun || progress.answered;
    return progress;
  }
  Error timed_out() override { return dialogue_.timed_out(); }
  void give_up(const Error& why) override {
    broken_off_ = !heard_ && patience_ < full_patience;
    dialogue_.give_up(why);
  }

  /// Whether it has no result.
  [[nodiscard]] bool broken_off() const { return broken_off_; }

 private:
  Dialogue& dialogue_;
  int attempts_;
  std::chrono::milliseconds patience_;
  bool heard_ = false;
  bool broken_off_ = false;
};

bool begun_but_damaged(ErrorKind kind) {
  return kind == ErrorKind::checksum || kind == ErrorKind::truncated || kind == ErrorKind::end_marker;
}

/// Whether what was heard is how a board of ours answers, though it was somebody else who asked.
bool answers_somebody(const Candidate& candidate, Bytes heard) {
  const auto protocol = candidate.family->make(candidate.options);
  const auto probe = protocol->probe();
  return probe->request() && probe->receive(heard).answered;
}

std::unexpected<Error> foreign(std::string_view who) {
  return failure(ErrorKind::foreign, std::string(who) + " talks on this line; it is left alone");
}

std::unexpected<Error> unknown(Bytes heard, unsigned baud) {
  constexpr std::size_t shown = 16;
  return foreign("an unknown device (" + to_hex(heard.first(std::min(shown, heard.size()))) + " at " +
                 std::to_string(baud) + " baud)");
}

bool is_possible(const Family& family, const Variant& variant, unsigned address) {
  if (address == variant.address) return true;
  return variant.shares_line && address >= family.first_address && address <= family.last_address;
}

/// The variants of a family that are met on such a line, in the order in which they are tried.
std::vector<Variant> variants_of(const Family& family, bool on_air) {
  std::vector<Variant> variants;
  if (!on_air) {
    std::ranges::copy_if(family.variants, std::back_inserter(variants),
                         [](const Variant& one) { return one.baud != 0; });
    return variants;
  }
  for (const std::string_view dialect : family.on_air.dialects) {
    for (Variant variant : family.variants) {
      if (variant.dialect != dialect) continue;
      variant.baud = 0;
      variants.push_back(variant);
    }
  }
  return variants;
}

}  // namespace

std::vector<Candidate> candidates_of(const Search& search) {
  std::vector<Candidate> candidates;
  const auto add = [&](const Family& family, Variant variant) {
    if (search.baud != 0 && !search.on_air) variant.baud = search.baud;
    const Candidate candidate{
        .family = &family,
        .options = {.variant = variant, .cells = search.cells, .temperature_sensors = search.temperature_sensors}};
    if (!remembered(candidates, written(candidate))) candidates.push_back(candidate);
  };
  for (const Family& family : families()) {
    if (!search.family.empty() && family.name != search.family) continue;
    for (const Variant& variant : variants_of(family, search.on_air)) {
      if (search.addresses.empty()) {
        add(family, variant);
        continue;
      }
      for (const unsigned address : search.addresses) {
        if (!is_possible(family, variant, address)) continue;
        Variant there = variant;
        there.address = address;
        add(family, there);
      }
    }
  }
  std::ranges::stable_partition(candidates, [](const Candidate& one) { return !one.options.variant.late; });
  return candidates;
}

std::string in_words(const Candidate& candidate) {
  const Variant& variant = candidate.options.variant;
  std::string words(candidate.family->title);
  if (variant.baud != 0) words += " at " + std::to_string(variant.baud) + " baud";
  if (!variant.dialect.empty()) words += ", dialect " + std::string(variant.dialect);
  if (variant.shares_line) words += ", address " + std::to_string(variant.address);
  return words;
}

link::ReachedBoard written(const Candidate& candidate) {
  const Variant& variant = candidate.options.variant;
  return {.family = std::string(candidate.family->name),
          .dialect = std::string(variant.dialect),
          .baud = variant.baud,
          .address = variant.address};
}

std::optional<Candidate> remembered(std::span<const Candidate> candidates, const link::ReachedBoard& memory) {
  const auto found =
      std::ranges::find_if(candidates, [&](const Candidate& candidate) { return written(candidate) == memory; });
  return found == candidates.end() ? std::nullopt : std::optional(*found);
}

/// Keeps what passes, for a look at who it was. What was sent is not kept, nor its echo.
class Detection::Tap final : public link::Link {
 public:
  Tap(link::Link& line, std::function<void()> alive) : line_(line), alive_(std::move(alive)) {}

  [[nodiscard]] TimePoint now() const override { return line_.now(); }
  asio::awaitable<void> sleep_until(TimePoint time) override { return line_.sleep_until(time); }
  [[nodiscard]] Result<void> use_baud(unsigned baud) override { return line_.use_baud(baud); }
  asio::awaitable<Result<void>> open() override { return line_.open(); }
  std::size_t discard_input() override { return line_.discard_input(); }

  asio::awaitable<Result<void>> write(Bytes bytes) override {
    sent_.assign(bytes.begin(), bytes.end());
    co_return co_await line_.write(bytes);
  }

  [[nodiscard]] TimePoint earliest(std::size_t bytes) const override { return line_.earliest(bytes); }

  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> buffer, TimePoint deadline) override {
    auto got = co_await line_.read(buffer, deadline);
    if (alive_) alive_();
    if (got && heard_.size() < enough) {
      heard_.insert(heard_.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
      const auto echo = std::ranges::search(heard_, sent_);
      if (!sent_.empty() && !echo.empty()) heard_.erase(echo.begin(), echo.end());
    }
    co_return got;
  }

  [[nodiscard]] Bytes heard() const { return heard_; }
  void forget() { heard_.clear(); }

 private:
  static constexpr std::size_t enough = 2048;

  link::Link& line_;
  std::function<void()> alive_;
  std::vector<std::uint8_t> sent_;
  std::vector<std::uint8_t> heard_;
};

Detection::Detection(link::Link& line, SearchFollower follower)
    : follower_(std::move(follower)), tap_(std::make_unique<Tap>(line, follower_.alive)), session_(*tap_) {}
Detection::~Detection() = default;

void Detection::tell(const Candidate& candidate) const {
  if (follower_.doing) follower_.doing("asking for " + in_words(candidate));
}

asio::awaitable<Result<Detected>> Detection::try_one(Candidate candidate) {
  candidate.options.expected = true;
  if (auto ready = tap_->use_baud(candidate.options.variant.baud); !ready) co_return std::unexpected(ready.error());
  if (auto opened = co_await tap_->open(); !opened) co_return std::unexpected(opened.error());
  auto found = co_await ask(candidate, 2, full_patience, Proof::answer);
  if (!found) co_return std::unexpected(found.error());
  if (*found) co_return std::move(**found);
  co_return failure(ErrorKind::silent, "no " + std::string(candidate.family->title) + " BMS answers");
}

asio::awaitable<Result<Detected>> Detection::run(std::span<const Candidate> candidates, Clock::duration limit,
                                                 bool listen_first) {
  if (candidates.empty())
    co_return failure(ErrorKind::rejected,
                      "no BMS fits bms, baud and address of the configuration together; leave out what is not sure");
  deadline_ = tap_->now() + limit;
  if (auto ready = tap_->use_baud(candidates.front().options.variant.baud); !ready)
    co_return std::unexpected(ready.error());
  if (auto opened = co_await tap_->open(); !opened) co_return std::unexpected(opened.error());

  listened_ = listen_first;
  Found found = std::optional<Detected>();
  if (listen_first) found = co_await listen(candidates);
  if (found && !*found) found = co_await ask_all(candidates, first_round_patience);
  if (found && !*found) found = co_await ask_all(candidates, full_patience);
  if (!found) co_return std::unexpected(found.error());
  if (*found) co_return std::move(**found);
  const std::string speed = unusable_speed_ ? " (" + unusable_speed_->message + ")" : std::string();
  if (damaged_) co_return failure(damaged_->kind, damaged_->message + speed);
  co_return failure(ErrorKind::silent, "nobody answers" + speed);
}

asio::awaitable<Result<void>> Detection::listen_for(Clock::duration time) {
  std::array<std::uint8_t, 256> buffer{};
  const TimePoint until = tap_->now() + time;
  while (tap_->now() < until) {
    if (auto got = co_await tap_->read(buffer, until); !got) co_return std::unexpected(got.error());
  }
  co_return Result<void>{};
}

asio::awaitable<Detection::Found> Detection::listen(std::span<const Candidate> candidates) {
  // A talking BMS is listened to at its own speed; others that talk are at least noticed at any.
  std::optional<Candidate> talking;
  for (const Candidate& candidate : candidates) {
    if (candidate.family->talks) talking = candidate;
  }
  if (auto ready = tap_->use_baud(talking ? talking->options.variant.baud : speeds_of_talkers[0]); !ready)
    co_return std::unexpected(ready.error());
  tap_->discard_input();
  if (follower_.doing) follower_.doing("listening whether anybody talks");
  if (auto drained = co_await listen_for(drain_time); !drained) co_return std::unexpected(drained.error());
  const std::size_t drained = tap_->heard().size();
  if (auto listened = co_await listen_for(listen_time); !listened) co_return std::unexpected(listened.error());
  if (tap_->heard().size() < drained + talks) co_return std::nullopt;

  if (const auto who = recognise_talker(tap_->heard())) co_return foreign(*who);
  if (talking) {
    auto found = co_await ask(*talking, 1, full_patience);
    if (!found || *found) co_return found;
  }
  co_return co_await name_talker(candidates);
}

/// Who can be heard on a line on which something talks. It may be a display that asks a BMS of ours.
asio::awaitable<Detection::Found> Detection::name_talker(std::span<const Candidate> candidates) {
  std::vector<std::uint8_t> first_words;
  for (const unsigned baud : speeds_of_talkers) {
    if (auto ready = tap_->use_baud(baud); !ready) continue;
    if (follower_.doing) follower_.doing("somebody talks; listening at " + std::to_string(baud) + " baud");
    tap_->forget();
    if (auto listened = co_await listen_for(listen_time); !listened) co_return std::unexpected(listened.error());
    if (const auto who = recognise_talker(tap_->heard())) co_return foreign(*who);
    for (const Candidate& candidate : candidates) {
      if (candidate.options.variant.baud == baud && answers_somebody(candidate, tap_->heard()))
        co_return co_await ask(candidate, tries_after_damage, full_patience);
    }
    if (baud == speeds_of_talkers[0]) first_words.assign(tap_->heard().begin(), tap_->heard().end());
  }
  co_return unknown(first_words, speeds_of_talkers[0]);
}

asio::awaitable<Detection::Found> Detection::ask_all(std::span<const Candidate> candidates,
                                                     std::chrono::milliseconds patience) {
  for (const Candidate& candidate : candidates) {
    if (tap_->now() >= deadline_) break;
    // A BMS that talks by itself was listened to already.
    const bool heard_out = listened_ || patience == full_patience;
    if (heard_out && candidate.family->talks) continue;
    auto found = co_await ask(candidate, 1, patience);
    if (!found || *found) co_return found;
    if (auto alone = co_await look_at_strangers(candidate); !alone) co_return std::unexpected(alone.error());
  }
  co_return std::nullopt;
}

asio::awaitable<Detection::Found> Detection::ask(const Candidate& candidate, int attempts,
                                                 std::chrono::milliseconds patience, Proof proof) {
  auto protocol = candidate.family->make(candidate.options);
  tell(candidate);
  // An adapter that cannot do the speed is no reason to give up on the others.
  if (auto ready = tap_->use_baud(candidate.options.variant.baud); !ready) {
    unusable_speed_ = ready.error();
    co_return std::nullopt;
  }
  for (int tries = 0; tries < tries_after_damage; ++tries) {
    tap_->forget();
    const auto probe = protocol->probe();
    Hurried hurried(*probe, attempts, patience);
    if (auto ran = co_await session_.run(hurried); !ran) co_return std::unexpected(ran.error());
    if (hurried.broken_off()) break;
    const auto answer = probe->result();
    if (answer && proof == Proof::answer)
      co_return Detected{.candidate = candidate, .protocol = std::move(protocol), .reading = {}, .why = *answer};
    if (answer) co_return co_await confirm(candidate, std::move(protocol), *answer);
    if (answer.error().kind == ErrorKind::unsupported) co_return std::unexpected(answer.error());
    if (!begun_but_damaged(answer.error().kind)) break;
    damaged_ =
        Error{answer.error().kind,
              "only damaged answers came (" + in_words(candidate) + ": " + answer.error().message + ")", std::nullopt};
  }
  co_return std::nullopt;
}

asio::awaitable<Detection::Found> Detection::confirm(const Candidate& candidate, std::unique_ptr<Protocol> protocol,
                                                     std::string why) {
  for (int tries = 0; tries < tries_to_confirm; ++tries) {
    Query<Reading>& poll = protocol->poll();
    if (auto ran = co_await session_.run(poll); !ran) co_return std::unexpected(ran.error());
    auto reading = poll.result();
    if (!reading && reading.error().kind == ErrorKind::unsupported) co_return std::unexpected(reading.error());
    if (!reading || !battery::check_plausible(*reading, protocol->bounds())) continue;
    co_return Detected{
        .candidate = candidate, .protocol = std::move(protocol), .reading = *std::move(reading), .why = std::move(why)};
  }
  co_return std::nullopt;
}

/// Bytes came that were no answer. Whoever sent them may be talking to somebody else.
asio::awaitable<Result<void>> Detection::look_at_strangers(const Candidate& candidate) {
  if (tap_->heard().empty()) co_return Result<void>{};
  if (const auto who = recognise_talker(tap_->heard())) co_return foreign(*who);
  if (tap_->heard().size() < talks) co_return Result<void>{};
  // Does it go on without being asked? Then it is not one of ours.
  if (auto drained = co_await listen_for(drain_time); !drained) co_return drained;
  tap_->forget();
  if (auto listened = co_await listen_for(listen_time); !listened) co_return listened;
  if (tap_->heard().size() < talks) co_return Result<void>{};
  if (const auto who = recognise_talker(tap_->heard())) co_return foreign(*who);
  co_return unknown(tap_->heard(), candidate.options.variant.baud);
}

}  // namespace bms::line

#include "driver/line.hpp"

#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "config/unused_sections.hpp"
#include "driver/log.hpp"
#include "driver/owner_config.hpp"
#include "driver/progress.hpp"
#include "driver/tapping.hpp"
#include "line/detection.hpp"
#include "registry.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto first_poll_time = 2s;    // no new attempt is begun after this; the last may take 3 s more
constexpr auto first_retry_pause = 5s;  // when a board that is waited for does not answer at the start
constexpr auto longest_retry_pause = 60s;
constexpr auto short_retry_pause = 1s;  // somebody does answer, though damaged
constexpr auto time_between_progress = 5s;
constexpr auto reopen_pause = 500ms;
constexpr auto gone_limit = 10min;            // an adapter that is away for so long comes back as another one
constexpr auto sections_known_after = 10min;  // whoever has not come by then is not expected any more

/// Whether something came that may be an answer, though not one that can be used.
bool somebody_answers(const Error& why) {
  using enum ErrorKind;
  return why.kind != silent && why.kind != link && why.kind != foreign && why.kind != unsupported;
}

}  // namespace

Line::Line(const Surroundings& around, line::PortSearch search, LineOptions options)
    : around_(around), search_(std::move(search)), options_(std::move(options)), sections_timer_(around.loop) {
  if (!around_.places.in_memory.empty()) open_socket();
}

void Line::open_socket() {
  around_.desks = std::make_shared<Desks>();
  console::SocketServices services;
  services.answer = [desks = around_.desks](console::Request request, std::string who,
                                            std::function<void(const console::Progress&)> progress) {
    return desks->answer(std::move(request), std::move(who), std::move(progress));
  };
  if (around_.tap) offer(around_.tap, services);
  socket_.emplace(around_.loop, console::socket_path(around_.places.in_memory, around_.port.name), std::move(services));
  if (!socket_->problem().empty()) spdlog::warn("nobody can ask by hand: {}", socket_->problem());
}

void Line::end() {
  if (around_.desks) around_.desks->clear();
  for (const auto& member : members_) member->end();
}

asio::awaitable<bool> Line::live() {
  spdlog::info("{}: looking for {}", around_.port.path, search_.wanted());
  if (!co_await find_boards()) co_return false;

  const auto interval = milliseconds(poll_interval_s());
  sections_timer_.after(sections_known_after, [this] { report_unused_sections(); });
  around_.pulse.beat(pulse_limit + std::chrono::ceil<std::chrono::seconds>(interval));
  bool same = true;
  while (same) {
    Error why = co_await poll_in_turn(around_.line, turns_, interval);
    if (!co_await reopen(std::move(why))) co_return false;
    same = co_await boards_are_the_same();
  }
  co_return true;
}

/// The boards of a line take turns, at the pace of the first one.
double Line::poll_interval_s() const { return members_.front()->settings().poll_interval_s; }

void Line::enlist(line::Candidate candidate, std::unique_ptr<Protocol> protocol) {
  const unsigned address = candidate.options.variant.address;
  const std::string name = search_.several() ? around_.port.name + "_" + std::to_string(address) : around_.port.name;
  const FacePlace place{.name = name, .desks = around_.desks, .poll_interval_s = [this] { return poll_interval_s(); }};
  if (around_.desks) around_.desks->expect(name);
  members_.push_back(
      std::make_unique<Member>(around_, name, candidate, std::move(protocol), options_.make_faces(place)));
  turns_.push_back(members_.back().get());
}

/// One look at the line: which board it is, and a first reading of it. Errors: as of Detection.
asio::awaitable<Result<void>> Line::look_once() {
  auto met = members_.empty() ? meet_boards() : around_.line.open();
  if (auto there = co_await std::move(met); !there) co_return there;
  co_return co_await hear_someone();
}

asio::awaitable<Result<void>> Line::meet_boards() {
  ProgressLine progress(STDOUT_FILENO);
  TimePoint next_line_at = around_.line.now() + time_between_progress;
  line::SearchFollower follower;  // named: GCC 12 destroys an aggregate twice that is made within co_await
  follower.alive = [this] { around_.pulse.beat(); };
  follower.doing = [&](const std::string& what) {
    progress.show(around_.port.path + ": " + what + " ...");
    if (progress.on_terminal() || around_.line.now() < next_line_at) return;
    next_line_at = around_.line.now() + time_between_progress;
    spdlog::info("{}: still looking, now {}", around_.port.path, what);
  };
  auto found = co_await search_.look(around_.line, follower);
  progress.clear();
  if (!found) co_return std::unexpected(found.error());
  if (options_.on_found) options_.on_found(written(found->candidate));
  enlist(found->candidate, std::move(found->protocol));
  for (const line::Candidate& other : search_.companions(found->candidate))
    enlist(other, other.family->make(other.options));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Line::hear_someone() {
  const auto known = [](const auto& member) { return member->known(); };
  for (const TimePoint began = around_.line.now(); around_.line.now() - began < first_poll_time;) {
    for (Polled* board : turns_) {
      if (auto polled = co_await board->cycle(); !polled) co_return polled;
    }
    if (std::ranges::any_of(members_, known)) co_return Result<void>{};
  }
  // The log lines before say why there is none.
  const auto heard = [](const auto& member) { return member->last_fault() && somebody_answers(*member->last_fault()); };
  const auto one = std::ranges::find_if(members_, heard);
  co_return failure(one == members_.end() ? ErrorKind::silent : (*one)->last_fault()->kind,
                    "no reading that can be believed");
}

void Line::report_unused_sections() const {
  std::vector<std::string> known;
  for (const auto& member : members_) {
    for (std::string& name : member->names()) known.push_back(std::move(name));
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  std::size_t said = 0;
  for (const config::UnusedSection& section : config::unused_sections(around_.config, names, around_.port.name)) {
    if (++said > most_lines_about_file) continue;
    spdlog::log(section.mistaken ? spdlog::level::warn : spdlog::level::info, "config line {}: {}", section.line,
                section.message);
  }
  if (said > most_lines_about_file) spdlog::info("config: and {} more such sections", said - most_lines_about_file);
}

asio::awaitable<void> Line::rest(Clock::duration time) {
  for (const TimePoint until = around_.line.now() + time; around_.line.now() < until; around_.pulse.beat()) {
    co_await around_.line.sleep_until(std::min(until, around_.line.now() + pulse_limit / 3));
  }
}

std::string Line::with_port(const Error& why) const {
  return (why.kind == ErrorKind::link ? "" : around_.port.path + ": ") +
         why.message;  // errors of the line begin with it
}

std::string Line::advice_on(const Error& why) const {
  return why.kind == ErrorKind::silent ? ". " + search_.advice() : std::string();
}

asio::awaitable<bool> Line::find_boards() {
  const link::Claim claim = link::claim_on(around_.port);
  const bool waits = search_.waits(claim);
  Repeats repeats;
  std::string said;
  for (auto pause = Clock::duration(first_retry_pause);;
       pause = std::min<Clock::duration>(2 * pause, longest_retry_pause)) {
    const auto found = co_await look_once();
    if (found) co_return true;
    const Error& why = found.error();
    // A port that is given to us alone may be free in a moment; one that somebody else is to find is not waited for.
    if (!waits || (why.kind == ErrorKind::link && claim != link::Claim::owner)) {
      spdlog::error("{}{}", with_port(why), claim == link::Claim::by_hand ? advice_on(why) : "");
      co_return false;
    }
    if (around_.port.on_air && why.message != said) repeats = {};  // what is in the way of a connection tells much
    said = why.message;
    if (const auto number = repeats.hit(why.kind, around_.line.now())) {
      spdlog::warn("{}; it is tried again until {} answers{}", with_port(why), search_.wanted(),
                   *number > 1 ? fmt::format(" (number {})", *number) : advice_on(why));
    }
    around_.pulse.beat();
    const bool pauses_itself = around_.port.on_air && why.kind == ErrorKind::link;
    co_await rest(pauses_itself || somebody_answers(why) ? short_retry_pause : pause);
  }
}

asio::awaitable<bool> Line::reopen(Error why) {
  const bool on_air = around_.port.on_air;
  spdlog::warn("{}; waiting for {}", why.message, on_air ? "it" : "the port");
  for (const auto& member : members_) member->lose_line(why);
  for (const TimePoint began = around_.line.now(); on_air || around_.line.now() - began < gone_limit;) {
    around_.pulse.beat();
    const auto opened = co_await around_.line.open();
    if (opened) {
      spdlog::info("{} is back", around_.port.path);
      co_return true;
    }
    // What is in the way of a device that is only away is that it is away.
    if (on_air && opened.error().message != why.message) spdlog::info("{}", opened.error().message);
    if (on_air) why = opened.error();
    co_await around_.line.sleep_until(around_.line.now() + reopen_pause);
  }
  spdlog::error("{} does not come back", around_.port.path);
  co_return false;
}

asio::awaitable<bool> Line::boards_are_the_same() {
  for (const auto& member : members_) {
    if (!co_await member->still_the_same()) co_return false;
  }
  co_return true;
}

}  // namespace bms::driver

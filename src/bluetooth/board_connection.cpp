#include "bluetooth/board_connection.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace bms::bluetooth {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto connect_time = 65s;  // BlueZ gives up before
constexpr auto others_connect_time = 45s;
constexpr auto route_time = 18s;
constexpr auto answer_time = 12s;
constexpr auto hang_up_time = 5s;
constexpr auto settle_time = 300ms;  // boards have lost the first question that came sooner

// What takes longer is no failure of the connection: nothing was heard of the board.
constexpr auto shortest_wait_for_absent = 15s;

constexpr std::size_t smallest_mtu = 23;
constexpr std::size_t packet_head = 3;

constexpr const char* left_to_others = "it is left to a phone, as was wished";
constexpr const char* how_to_pair = "; in a shell: bluetoothctl pair ";
constexpr std::string_view adapter_fails =
    "the board is heard, but no connection with it works: the Bluetooth adapter may have to be unplugged, or the "
    "device restarted";

}  // namespace

BoardConnection::BoardConnection(asio::io_context& loop, Bluez& bluez, NamedBoard board, ConnectionListener listener)
    : bluez_(bluez),
      board_(std::move(board)),
      listener_(std::move(listener)),
      news_(loop, listener_.alive),
      search_(bluez, board_, news_),
      following_(bluez.follow([this] { take_news(); })),
      piece_size_(smallest_mtu - packet_head) {}

BoardConnection::~BoardConnection() {
  if (ours_ && connected()) bluez_.disconnect(search_.device_path());
}

void BoardConnection::take_news() {
  news_.tell();
  if (!usable_) return;
  if (const std::string why = search_.why_lost(); !why.empty()) lose(why);
}

void BoardConnection::lose(const std::string& why) {
  usable_ = false;
  trouble_ = why;
  listening_ = {};
  if (released()) {
    endurance_.given_away(Clock::now());
  } else if (endurance_.lost(Clock::now())) {
    spdlog::warn("{}: {}", board_.address, minute_rhythm);
  }
  if (listener_.on_lost) listener_.on_lost();
}

void BoardConnection::release(Clock::duration time) {
  const bool before = released();
  released_until_ = Clock::now() + time;
  if (released() && !before) {
    if (usable_) lose(left_to_others);
    endurance_.given_away(Clock::now());
    trouble_ = left_to_others;
    next_ = {};
    // Also one that is only in the making.
    if (device() != nullptr) bluez_.disconnect(search_.device_path());
    ours_ = false;
  }
  news_.tell();
}

LinkQuality BoardConnection::quality() const {
  LinkQuality quality = endurance_.quality(Clock::now());
  if (quality.trouble.empty()) quality.trouble = blame_;
  quality.state = usable_ ? "connected" : std::string_view(trouble_);
  quality.released_s = std::max(0.0, std::chrono::duration<double>(released_until_ - Clock::now()).count());
  return quality;
}

// ---- Getting it ----

Bluez::Answered BoardConnection::expect_answer() {
  answer_.reset();
  return [this](const CallError& error) {
    answer_ = error;
    news_.tell();
  };
}

asio::awaitable<Result<void>> BoardConnection::establish() {
  if (usable_) {
    // Somebody has no use for it as it is.
    mute_ = unanswered_ > 0;
    lose("it does not answer");
    take_setback({Failure::mute, trouble_});
  }
  do {
    co_await await_return();
    co_await pause();
  } while (released());
  const Step made = co_await attempt();
  if (made) co_return Result<void>{};
  if (!released()) take_setback(made.error());
  co_return failure(ErrorKind::link, board_.address + ": " + trouble_);
}

asio::awaitable<void> BoardConnection::await_return() {
  const std::function<bool()> taken_back = [this] { return !released(); };
  while (released()) {
    co_await news_.wait(taken_back, released_until_ - Clock::now());
    trouble_ = released() ? left_to_others : "it is being connected again";
  }
}

BoardConnection::Situation BoardConnection::situation() const {
  const bool known = device() != nullptr;
  return {.adapter = search_.why_no_adapter().empty(), .device = known, .paired = known && device()->paired};
}

void BoardConnection::take_setback(const Setback& setback) {
  missed_ = situation();
  next_ = recovery_.failed(setback.why);
  trouble_ = setback.words;
  if (next_.blame_adapter) blame_ = adapter_fails;
  if (next_.blame_adapter) trouble_.append("; ").append(adapter_fails);
}

/// Ends early when what was missing is there.
asio::awaitable<void> BoardConnection::pause() {
  const std::function<bool()> better = [this] {
    const Situation now = situation();
    return released() || now.adapter > missed_.adapter || now.device > missed_.device || now.paired > missed_.paired;
  };
  co_await news_.wait(better, next_.pause);
}

asio::awaitable<Step> BoardConnection::attempt() {
  if (auto found = co_await search_.find_adapter(); !found) co_return found;
  if (auto found = co_await search_.find_device(next_); !found) co_return found;
  if (auto made = co_await connect(); !made) co_return made;
  const auto quiet = bluez_.keep_quiet();
  const TimePoint made_at = Clock::now();
  auto ready = co_await find_route();
  if (ready) ready = co_await subscribe();
  if (ready && board_.login && (board_.has_password || mute_)) ready = co_await log_in();
  if (ready && released()) ready = std::unexpected(Setback{Failure::refused, left_to_others});
  if (!ready) {
    listening_ = {};
    co_await hang_up();
    co_return ready;
  }
  endurance_.made(made_at);
  usable_ = true;
  search_.forget_last_look();
  next_ = {};
  co_return Step{};
}

asio::awaitable<void> BoardConnection::hang_up() {
  ours_ = false;
  co_await search_.hang_up();
}

asio::awaitable<Step> BoardConnection::connect() {
  if (released()) co_return std::unexpected(Setback{Failure::refused, left_to_others});
  if (connected()) co_return Step{};  // since an earlier life of this program, as a rule
  const TimePoint asked_at = Clock::now();
  call_ = bluez_.connect(search_.device_path(), expect_answer());
  ours_ = true;
  const std::function<bool()> over = [this] { return answer_ || connected() || device() == nullptr; };
  co_await news_.wait(over, connect_time);
  call_ = {};
  if (connected()) co_return Step{};
  if (!answer_) {
    if (device() == nullptr) co_return std::unexpected(Setback{Failure::no_adapter, search_.why_lost()});
    bluez_.disconnect(search_.device_path());  // which calls it off
    answer_ = no_answer();
  }
  const Reaction reaction = meaning_of(Call::connect, *answer_).reaction;
  if (reaction == Reaction::go_on) co_return co_await await_connection(hang_up_time);
  if (reaction == Reaction::await_connection) co_return co_await await_connection(others_connect_time);
  co_return setback(Call::connect, *answer_, asked_at);
}

asio::awaitable<Step> BoardConnection::await_connection(Clock::duration time) {
  const std::function<bool()> over = [this] { return connected() || device() == nullptr; };
  co_await news_.wait(over, time);
  if (connected()) co_return Step{};
  co_return std::unexpected(Setback{search_.advertises() ? Failure::refused : Failure::out_of_reach, not_heard});
}

std::unexpected<Setback> BoardConnection::setback(Call call, const CallError& error, TimePoint asked_at) const {
  const Meaning meaning = meaning_of(call, error);
  const bool waited = Clock::now() - asked_at >= shortest_wait_for_absent;
  std::string words = std::string(meaning.words) + " (" + in_words(error) + ")";
  switch (meaning.reaction) {
    case Reaction::await_power:
    case Reaction::await_objects: return std::unexpected(Setback{Failure::no_adapter, std::move(words)});
    case Reaction::relieve: return std::unexpected(Setback{Failure::no_room, std::move(words)});
    case Reaction::ask_owner: return std::unexpected(Setback{Failure::unpaired, words + how_to_pair + board_.address});
    case Reaction::reconnect: return std::unexpected(Setback{Failure::unusable, std::move(words)});
    default: break;
  }
  if (waited && !search_.advertises()) return std::unexpected(Setback{Failure::out_of_reach, not_heard});
  return std::unexpected(Setback{Failure::refused, std::move(words)});
}

asio::awaitable<Step> BoardConnection::find_route() {
  std::optional<Route> route;
  const std::function<bool()> over = [this, &route] {
    if (!connected()) return true;
    // It has been seen to be true before the objects were there.
    if (device()->services_resolved) route = route_to(bluez_.objects(), search_.device_path(), board_.layouts);
    return route.has_value();
  };
  co_await news_.wait(over, route_time);
  if (route) {
    route_ = *std::move(route);
    co_return Step{};
  }
  if (!connected()) {
    co_return std::unexpected(
        Setback{Failure::refused, "it hung up before it had said what it has: another one may be connected to it"});
  }
  const bool resolved = device()->services_resolved;
  co_return std::unexpected(Setback{
      Failure::unusable, resolved ? "it has none of the services of a battery board that is known here; it has " +
                                        services_in_words(bluez_.objects(), search_.device_path())
                                  : "it does not say what services it has"});
}

asio::awaitable<Step> BoardConnection::subscribe() {
  const TimePoint asked_at = Clock::now();
  listening_ = bluez_.listen(route_.notifies, [this](Bytes piece) { take_piece(piece); });
  piece_size_ = smallest_mtu - packet_head;
  question_ = bluez_.ask_mtu(route_.written, [this](std::optional<std::size_t> mtu) {
    piece_size_ = std::max(mtu.value_or(smallest_mtu), smallest_mtu) - packet_head;
  });
  call_ = bluez_.start_notify(route_.notifies, expect_answer());
  const std::function<bool()> over = [this] { return answer_ || !connected(); };
  co_await news_.wait(over, answer_time);
  call_ = {};
  if (!connected()) co_return std::unexpected(Setback{Failure::refused, "it hung up before it could be asked"});
  if (!answer_) answer_ = no_answer();
  if (*answer_) co_return setback(Call::start_notify, *answer_, asked_at);
  // What the board has answered to the last time, as far as it takes it.
  with_response_ = route_.with_response && (with_response_ || !route_.without_response);
  const std::function<bool()> lost = [this] { return !connected(); };
  if (co_await news_.wait(lost, settle_time))
    co_return std::unexpected(Setback{Failure::refused, "it hung up before it could be asked"});
  co_return Step{};
}

}  // namespace bms::bluetooth

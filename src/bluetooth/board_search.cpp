#include "bluetooth/board_search.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace bms::bluetooth {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto adapter_time = 20s;
constexpr auto search_time = 12s;
constexpr auto quiet_time = 20s;  // others may be about to get their connections
constexpr auto let_go_time = 5s;

}  // namespace

BoardSearch::BoardSearch(Bluez& bluez, const NamedBoard& board, News& news)
    : bluez_(bluez), board_(board), news_(news) {
  bluez_.want(board_.address);
}

bool BoardSearch::connected() const {
  const DeviceObject* const there = device();
  return there != nullptr && there->shown.connected;
}

std::string BoardSearch::why_lost() const {
  if (!bluez_.is_there()) return "BlueZ has gone";
  if (!bluez_.objects().adapters().contains(adapter_)) return "the Bluetooth adapter has gone";
  if (device() == nullptr) return "BlueZ has been told to forget it";
  return connected() ? "" : "the connection was lost";
}

std::string BoardSearch::why_no_adapter() const {
  if (!bluez_.is_there()) return "BlueZ does not run: there is no org.bluez on the bus";
  const auto* const adapter = bluez_.objects().adapter(board_.adapter);
  if (adapter == nullptr) {
    return board_.adapter.empty() ? "there is no Bluetooth adapter"
                                  : "the Bluetooth adapter " + board_.adapter + " is not there";
  }
  if (adapter->second.powered) return {};
  return "the Bluetooth adapter " + std::string(short_name(adapter->first)) + " is switched off";
}

asio::awaitable<Step> BoardSearch::find_adapter() {
  const std::function<bool()> there = [this] { return why_no_adapter().empty(); };
  if (!co_await news_.wait(there, adapter_time))
    co_return std::unexpected(Setback{Failure::no_adapter, why_no_adapter()});
  adapter_ = bluez_.objects().adapter(board_.adapter)->first;
  device_ = bluetooth::device_path(adapter_, board_.address);
  co_return Step{};
}

asio::awaitable<void> BoardSearch::hang_up() {
  if (!connected()) co_return;
  bluez_.disconnect(device_);
  const std::function<bool()> gone = [this] { return !connected(); };
  co_await news_.wait(gone, let_go_time);
}

/// Only a board that is heard is forgotten: one that is not would have to be found again first, and could not simply be
/// waited for. Nor is one that is paired, which its owner would have to do again.
asio::awaitable<void> BoardSearch::start_over() {
  co_await scan();
  if (!advertises_ || device() == nullptr || device()->paired) co_return;
  spdlog::info("{}: starting over: BlueZ is to forget it, and to find it again", board_.address);
  bluez_.forget(device_);
  const std::function<bool()> forgotten = [this] { return device() == nullptr; };
  co_await news_.wait(forgotten, let_go_time);
}

/// Until the board is heard, at most for a short time; returns what kept the adapter from it.
asio::awaitable<std::string> BoardSearch::scan() {
  const std::function<bool()> quiet = [this] { return !bluez_.is_quiet(); };
  co_await news_.wait(quiet, quiet_time);
  discovery_ = bluez_.discover(adapter_);
  const unsigned heard_before = device() ? device()->heard : 0;
  const std::function<bool()> heard = [this, known = device() != nullptr, heard_before] {
    return device() != nullptr && (!known || device()->heard != heard_before);
  };
  advertises_ = co_await news_.wait(heard, search_time);
  std::string problem = discovery_->problem();
  discovery_.reset();
  co_return problem;
}

asio::awaitable<Step> BoardSearch::find_device(const NextAttempt& next) {
  if (next.disconnect) co_await hang_up();
  if (next.start_over) co_await start_over();
  const bool known = device() != nullptr;
  if (connected() || (known && !next.look)) co_return Step{};
  const std::string problem = co_await scan();
  if (known || device() != nullptr) co_return Step{};
  co_return std::unexpected(Setback{Failure::unseen, problem.empty() ? std::string(not_heard) : problem});
}

}  // namespace bms::bluetooth

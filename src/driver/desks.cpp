#include "driver/desks.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

/// Names of a battery are told apart by their letters and digits alone: the log has JBD:1234, a file jbd_1234.
bool is_same_name(std::string_view one, std::string_view other) {
  const auto plain = [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return std::isalnum(code) != 0 ? static_cast<char>(std::tolower(code)) : '_';
  };
  return std::ranges::equal(one, other, {}, plain, plain);
}

}  // namespace

Result<std::shared_ptr<console::Desk>> Desks::meant(const std::string& battery) const {
  if (desks_.empty())
    return failure(ErrorKind::busy, "the driver is still looking for a board on its line; try again in a moment");
  if (battery.empty() && desks_.size() == 1) return desks_.front();
  const auto is_meant = [&](const auto& desk) {
    const console::BoardFacts& board = desk->board();
    const auto is_called = [&](const std::string& name) { return !name.empty() && is_same_name(name, battery); };
    return board.place == battery || is_called(board.battery) || is_called(board.serial);
  };
  const auto found = std::ranges::find_if(desks_, is_meant);
  if (found != desks_.end()) return *found;
  std::string all;
  for (const auto& desk : desks_)
    all += (all.empty() ? "" : ", ") + desk->board().place + " (" + desk->board().battery + ")";
  return failure(ErrorKind::rejected, battery.empty()
                                          ? "several batteries are behind this line, name one of them: " + all
                                          : "no battery is called '" + battery + "' here; there are " + all);
}

asio::awaitable<console::Answer> Desks::answer(console::Request request, std::string who,
                                               std::function<void(const console::Progress&)> progress) const {
  auto desk = meant(request.battery);
  if (!desk) co_return console::Answer{.refused = desk.error()};
  const std::shared_ptr<console::Desk> kept = *desk;  // the line may end meanwhile
  co_return co_await kept->answer(std::move(request), std::move(who), std::move(progress));
}

}  // namespace bms::driver

#include "driver/desks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

std::vector<console::BatteryNames> Desks::names() const {
  std::vector<console::BatteryNames> all;
  all.reserve(desks_.size());
  for (const auto& desk : desks_) all.push_back(names_of(desk->board()));
  return all;
}

Result<std::shared_ptr<console::Desk>> Desks::meant(const std::string& battery) const {
  if (desks_.empty())
    return failure(ErrorKind::busy, "the driver is still looking for a board on its line; try again in a moment");
  // The only one that has answered need not be the one that is meant.
  if (battery.empty() && expected_.size() > 1 && desks_.size() == 1)
    return failure(ErrorKind::rejected, fmt::format("several batteries are behind this line, name one of them: {}",
                                                    fmt::join(expected_, ", ")));
  const std::vector<console::BatteryNames> all = names();
  const auto found = console::batteries_meant(all, battery, console::Ends::do_not_count);
  if (found.size() == 1) return desks_[found.front()];
  if (found.size() > 1)
    return failure(ErrorKind::rejected, (battery.empty() ? std::string("several batteries are behind this line")
                                                         : "several batteries are called '" + battery + "'") +
                                            ", name one of them: " + console::listed(all));
  const std::string place = console::plain_name(battery);
  const auto is_place = [&](const std::string& expected) { return console::is_same_name(expected, place); };
  if (std::ranges::any_of(expected_, is_place))
    return failure(ErrorKind::silent, "the board at " + place +
                                          " has not answered since the driver was started; is it awake and wired, and "
                                          "is its address the one that is configured?");
  return failure(ErrorKind::silent, "no battery is called '" + battery + "' here; there are " + console::listed(all));
}

asio::awaitable<console::Answer> Desks::answer(console::Request request, std::string who,
                                               std::function<void(const console::Progress&)> progress) const {
  auto desk = meant(request.battery);
  if (!desk) {
    console::Answer refusal;
    refusal.refused = desk.error();
    refusal.batteries = names();
    co_return refusal;
  }
  const std::shared_ptr<console::Desk> kept = *desk;  // the line may end meanwhile
  co_return co_await kept->answer(std::move(request), std::move(who), std::move(progress));
}

}  // namespace bms::driver

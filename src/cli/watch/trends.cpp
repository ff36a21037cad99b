#include "cli/watch/trends.hpp"

#include <algorithm>
#include <utility>

namespace bms::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto back = 60s;
constexpr auto least_pause = 5s;
constexpr auto longest_gap = 30s;
// Less is noise; a bit more than the step of 1 mV that most boards have, so that 1.9999 is two of them.
constexpr double least_change_v = 0.0019;

}  // namespace

void CellTrends::note(Clock::time_point now, const WatchModel& model) {
  auto cells = model.cells();
  const std::int64_t pack = model.integer("/Battery/Request/Id").value_or(0);
  const bool others = std::exchange(of_pack_, pack) != pack;
  if (!looks_.empty() && (others || looks_.back().cells.size() != cells.size() || now - looks_.back().at > longest_gap))
    looks_.clear();
  if (!looks_.empty() && now - looks_.back().at < least_pause) return;
  looks_.push_back({.at = now, .cells = std::move(cells)});
  // The first one stays until the next one is a minute old as well.
  while (looks_.size() > 1 && now - looks_[1].at >= back) looks_.pop_front();
}

std::optional<Heading> CellTrends::of(const WatchedCell& cell) const {
  if (looks_.empty() || looks_.back().at - looks_.front().at < back) return std::nullopt;
  const auto before = std::ranges::find(looks_.front().cells, cell.number, &WatchedCell::number);
  if (before == looks_.front().cells.end() || !before->voltage_v || !cell.voltage_v) return std::nullopt;
  const double change_v = *cell.voltage_v - *before->voltage_v;
  if (change_v >= least_change_v) return Heading::up;
  return change_v <= -least_change_v ? Heading::down : Heading::level;
}

}  // namespace bms::cli

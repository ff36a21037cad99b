#include "bridge/bridge_items.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace bms::bridge {
namespace {

using items::Kind;
using items::Type;

constexpr Kind word{Type::text};
constexpr Kind count{Type::integer};
constexpr Kind amperes{Type::real, {1, "A"}, {.counts_per_unit = 10}};

constexpr std::int32_t device_instance = 80;  // those of real inputs count from 1
constexpr std::int32_t state_ok = 8;
constexpr std::int32_t state_alarm = 9;
constexpr std::int32_t alarm = 2;
constexpr std::string_view product = "MPPT bridge";

/// One path; its value for as long as nobody sets another.
struct Fact {
  std::string_view path;
  Kind kind;
  items::ValueView value{};
};

constexpr std::size_t custom_name = 0, state = 1, alarm_level = 2, allow = 3, reason = 4, problem = 5, pv = 6,
                      style = 7;

// The name comes before the alarm: a notification carries the name of that moment.
const std::array facts{
    Fact{"/CustomName", word, product},
    Fact{"/State", count, state_ok},
    Fact{"/Alarm", count, std::int32_t{0}},
    Fact{"/Bridge/Allow", count, std::int32_t{0}},
    Fact{"/Bridge/Reason", word},
    Fact{"/Bridge/Problem", word, std::string_view{}},
    Fact{"/Bridge/PvDisabled", count, std::int32_t{0}},
    Fact{"/Bridge/Mode", word},
    Fact{"/Mgmt/ProcessName", word, std::string_view{"dbus-bms"}},
    Fact{"/Mgmt/ProcessVersion", word, std::string_view{BMS_VERSION}},
    Fact{"/Mgmt/Connection", word, std::string_view{"D-Bus"}},
    Fact{"/DeviceInstance", count, device_instance},
    Fact{"/ProductId", count, std::int32_t{0xBAB6}},
    Fact{"/ProductName", word, product},
    Fact{"/FirmwareVersion", word, std::string_view{BMS_VERSION}},
    Fact{"/HardwareVersion", word},
    Fact{"/Connected", count, std::int32_t{1}},
    Fact{"/Type", count},
};

constexpr std::array<std::string_view, 3> battery_leaves{"Name", "Limit", "Presence"};
constexpr std::array<std::string_view, 6> charger_leaves{"Name",        "Way",    "ChargeCurrent",
                                                         "SwitchedOff", "Result", "Problem"};

Kind kind_of(std::string_view leaf) {
  if (leaf == "Limit" || leaf == "ChargeCurrent") return amperes;
  return leaf == "SwitchedOff" ? count : word;
}

/// All problems, one after the other.
std::string problems_of(const Shown& shown) {
  std::string all;
  for (const ShownCharger& charger : shown.chargers) {
    if (charger.problem.empty()) continue;
    all += (all.empty() ? "" : "; ") + charger.name + ' ' + charger.problem;
  }
  return all;
}

}  // namespace

BridgeItems::BridgeItems(Style chosen) {
  for (const Fact& fact : facts) tree_.set(tree_.add(std::string{fact.path}, fact.kind), fact.value);
  tree_.set(style, items::text(chosen == Style::safe ? "safe" : "classic"));
}

/// nullptr: all rows are taken.
BridgeItems::Row* BridgeItems::row_of(Rows& rows, const std::string& name, std::string_view node,
                                      std::span<const std::string_view> leaves) {
  auto row = rows.find(name);
  if (row == rows.end() && rows.size() < most_rows) {
    const std::string prefix = std::string{node} + std::to_string(rows.size() + 1) + '/';
    row = rows.emplace(name, Row{.first = tree_.items().size()}).first;
    for (const std::string_view leaf : leaves) tree_.add(prefix + std::string{leaf}, kind_of(leaf));
  } else if (row == rows.end()) {
    const auto free = std::ranges::find_if(rows, [](const auto& entry) { return !entry.second.there; });
    if (free == rows.end()) return nullptr;
    auto taken_over = rows.extract(free);
    taken_over.key() = name;
    row = rows.insert(std::move(taken_over)).position;
  }
  tree_.set(row->second.first, items::text(name));
  row->second.there = true;
  return &row->second;
}

/// Before those that are there get their rows, so that nobody takes that of another.
void BridgeItems::mark_present(Rows& rows, const auto& shown) {
  for (auto& [name, row] : rows) row.there = false;
  for (const auto& each : shown) {
    if (const auto row = rows.find(each.name); row != rows.end()) row->second.there = true;
  }
}

void BridgeItems::update(const Shown& shown) {
  const std::string all_problems = problems_of(shown);
  const bool well = all_problems.empty();
  tree_.set(custom_name, items::text(well ? std::string{product} : std::string{product} + ": " + all_problems));
  tree_.set(state, well ? state_ok : state_alarm);
  tree_.set(alarm_level, well ? std::int32_t{0} : alarm);
  tree_.set(allow, items::flag(shown.verdict.allow));
  tree_.set(reason, items::text(shown.verdict.reason));
  tree_.set(problem, items::text(all_problems));
  tree_.set(pv, items::flag(shown.pv_disabled));

  mark_present(batteries_, shown.batteries);
  mark_present(chargers_, shown.chargers);
  for (const BatteryView& battery : shown.batteries) {
    const Row* row = row_of(batteries_, battery.name, "/Batteries/", battery_leaves);
    if (!row) break;
    const items::ItemTree::Id id = row->first;
    tree_.set(id + 1, items::real(battery.ccl_a));
    tree_.set(id + 2, items::text(battery.present ? "heard" : "not on the bus"));
  }
  for (const ShownCharger& charger : shown.chargers) {
    const Row* shown_in = row_of(chargers_, charger.name, "/Chargers/", charger_leaves);
    if (!shown_in) break;
    const Row& row = *shown_in;
    tree_.set(row.first + 1, items::text(name_of(charger.way)));
    tree_.set(row.first + 2, items::real(charger.told_a));
    tree_.set(row.first + 3, items::flag(charger.switched_off));
    tree_.set(row.first + 4, items::text(charger.result));
    tree_.set(row.first + 5, items::text(charger.problem));
  }
  for (const auto& [name, row] : chargers_) {
    if (row.there) continue;
    tree_.set(row.first + 1, items::text("gone"));
    for (std::size_t leaf = 2; leaf < charger_leaves.size(); ++leaf) tree_.set(row.first + leaf, {});
  }
}

}  // namespace bms::bridge

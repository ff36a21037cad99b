// What the bridge says of itself on the bus.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/decision.hpp"
#include "items/item_tree.hpp"

namespace bms::bridge {

/// A digital input, as that is the one class whose /Alarm Venus OS shows as a notification whatever the device is.
inline constexpr const char* service_name = "com.victronenergy.digitalinput.mppt_bridge";

/// One charger, as the service shows it.
struct ShownCharger {
  std::string name;
  Way way = Way::none;
  bool switched_off = false;  ///< by us
  std::optional<double> told_a{};
  std::string result{};
  std::string problem{};
};

/// Everything that is shown.
struct Shown {
  Verdict verdict;
  bool pv_disabled = false;
  std::vector<BatteryView> batteries;
  std::vector<ShownCharger> chargers{};
};

/// The bridge's state as items: its own below /Bridge, /Batteries/<n> and /Chargers/<n>, and those of a digital input.
/// One that has left keeps its number, until so many others have come that it is needed.
class BridgeItems {
 public:
  static constexpr std::size_t most_rows = 64;  ///< of batteries, and of chargers

  explicit BridgeItems(Style chosen);

  void update(const Shown& shown);

  [[nodiscard]] items::ItemTree& tree() { return tree_; }

 private:
  struct Row {
    items::ItemTree::Id first;
    bool there = false;
  };
  using Rows = std::map<std::string, Row, std::less<>>;

  static void mark_present(Rows& rows, const auto& shown);
  [[nodiscard]] Row* row_of(Rows& rows, const std::string& name, std::string_view node,
                            std::span<const std::string_view> leaves);

  items::ItemTree tree_;
  Rows batteries_, chargers_;
};

}  // namespace bms::bridge

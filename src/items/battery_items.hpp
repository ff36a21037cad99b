// The battery's values as items of a tree. Knows no D-Bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "bms/user_settings.hpp"
#include "items/battery_paths.hpp"
#include "items/item_tree.hpp"
#include "items/since.hpp"
#include "items/user_settings.hpp"

namespace bms::items {

/// Called when a client has written something acceptable, once the tree shows it; they may change items. A missing
/// handler means refusal.
struct WriteHandlers {
  std::function<void(const std::string& name)> custom_name{};     ///< /CustomName; to be stored
  std::function<void(const UserSettings& user)> user_settings{};  ///< all of them, bounded; to be applied and stored
  std::function<bool(double soc_pct)> soc{};                      ///< the user says what the SoC is; false: refused
  std::function<void(int group)> clear_history{};                 ///< 1..7, see /History/Clear
  std::function<void()> acknowledge_alerts{};                     ///< what happened to the cells has been seen
  std::function<bool(const BmsSwitch&)> switch_over{};            ///< the BMS is to switch; false: refused
  std::function<bool(std::size_t pack, bool excluded)> exclude_pack{};  ///< of a bank, from 0; false: refused
  std::function<bool(double minutes)> release_line{};  ///< others are to have the line; 0: no longer; false: refused
};

/// The battery's values as items, by the tables of battery_paths.hpp and user_settings.hpp.
class BatteryItems {
 public:
  /// Makes every item. `battery` is the one of the first complete reading: its numbers of cells, sensors and points of
  /// SoC, and its identity, decide for good which items there are. `bounds` is what is configured by now.
  BatteryItems(ServiceFacts facts, const Battery& battery, const UserBounds& bounds);
  BatteryItems(const BatteryItems&) = delete;
  BatteryItems& operator=(const BatteryItems&) = delete;

  /// Takes over what is known now. Allocates nothing when nothing changed.
  void update(const Battery& battery, const Limits& limits);

  /// The user's name for the battery; shown at once.
  void set_custom_name(const std::string& name);

  /// What is configured has become another one: it may be a multiple of a capacity that was not known.
  void set_bounds(const UserBounds& bounds);

  /// What the owner has changed, inside its bounds or not; what is in force is shown at once.
  void set_user_settings(const UserSettings& user);

  /// Who hears of what clients write.
  void on_written(WriteHandlers handlers) { handlers_ = std::move(handlers); }

  [[nodiscard]] ItemTree& tree() { return tree_; }
  [[nodiscard]] const ItemTree& tree() const { return tree_; }
  [[nodiscard]] const ServiceFacts& facts() const { return facts_; }

 private:
  /// An item of a row that has several.
  struct NumberedItem {
    const NumberedPath* row;
    std::size_t index;
  };

  void add_items(const Battery& battery);
  [[nodiscard]] WriteAccess write_access(Writable writable, std::size_t index);
  [[nodiscard]] WriteAccess setting_access(const UserSetting& row);
  [[nodiscard]] WriteAccess switch_access(const UserSetting& blocked);
  [[nodiscard]] WriteAccess bms_switch_access(BmsSwitch (*turned)(bool on));
  SetResult apply_soc();
  [[nodiscard]] UserSettings with(const UserSetting& row, const Value& value) const;
  SetResult change(const UserSettings& user);
  SetResult take_custom_name(const std::string& name);
  [[nodiscard]] View view_of(const Battery& battery, const Limits& limits) const;
  void show_user_settings();

  /// Takes note of what has become another state, reason or alarm.
  void follow(const Battery& battery, const Limits& limits);

  ServiceFacts facts_;
  UserBounds bounds_;
  UserSettings user_;
  std::optional<double> soc_to_set_;  ///< prepared in /Settings/ResetSocTo
  std::int32_t requested_pack_ = 1;
  std::string product_name_;
  Notices notices_;  ///< that `faults_text_` holds
  std::string faults_text_;
  std::string alarms_text_, alarm_codes_, alarms_since_;
  SinceWhen since_;
  std::vector<const Path*> rows_;  ///< those of this battery; their items come first
  std::vector<NumberedItem> numbered_;
  ItemTree tree_;
  ItemTree::Id first_user_setting_ = 0;
  WriteHandlers handlers_;
};

}  // namespace bms::items

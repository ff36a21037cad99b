// The values of one battery as they go to a broker: which of the tables it has, what has changed, and the documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "items/battery_items.hpp"
#include "items/item_tree.hpp"
#include "mqtt/value_rows.hpp"

namespace bms::mqtt {

/// A value of a row that this battery has.
struct Entry {
  std::string key;
  std::string name;
  Platform platform = Platform::sensor;
  Look look{};
  items::ItemTree* tree = nullptr;
  items::ItemTree::Id item = 0;
  bool known = true;  ///< the battery has it, or may have it any time

  [[nodiscard]] const items::Value& value() const { return (*tree)[item].value; }
};

/// What has changed.
struct News {
  bool state = false, cells = false;
  bool at_once = false;  ///< something in the state that nobody may wait for
  bool known = false;    ///< an entry is known that was not
};

class Values {
 public:
  /// `items` are of the same battery, and outlive this.
  explicit Values(items::BatteryItems& items);
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  /// Takes over what is known now; `items` have it already. Returns what changed since the last time.
  News update(const Battery& battery, const Limits& limits);

  /// Documents, written into the memory that `out` has.
  void write_state(std::string& out) const;
  void write_cells(std::string& out) const;

  [[nodiscard]] std::span<const Entry> state() const { return state_; }
  [[nodiscard]] std::span<const Entry> alarms() const { return alarms_; }
  [[nodiscard]] std::span<const Entry> settings() const { return settings_; }
  [[nodiscard]] std::span<const Entry> cells() const { return cells_; }

 private:
  /// Which document an item belongs to.
  enum class Part : std::uint8_t { none, state, state_at_once, cells };

  void add_row(const ValueRow& row);
  void add_own(const OwnRow& row);
  void add_alarms();
  void add_settings();
  void add_cells();
  void note(items::ItemTree& tree, items::ItemTree::Id item, Part part);
  void take_changes(items::ItemTree& tree, std::span<const Part> parts, News& news);
  [[nodiscard]] bool learn();

  items::ItemTree& shown_;
  items::ItemTree own_;
  std::vector<Entry> state_, alarms_, settings_, cells_, balancing_;
  std::vector<Part> shown_parts_, own_parts_;  ///< by item
  std::vector<items::ItemTree::Id> own_items_;
};

}  // namespace bms::mqtt

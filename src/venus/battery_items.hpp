// The battery's values as items of a tree. Knows no D-Bus.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bms/battery.hpp"
#include "bms/limits.hpp"
#include "venus/battery_paths.hpp"
#include "venus/item_tree.hpp"

namespace bms::venus {

/// The battery's values as items, by the tables of battery_paths.hpp. Knows no D-Bus.
class BatteryItems {
 public:
  /// Makes every item. `battery` is the one of the first complete reading: its numbers of cells and sensors, and its
  /// identity, decide for good which items there are.
  BatteryItems(ServiceFacts facts, const Battery& battery);
  BatteryItems(const BatteryItems&) = delete;
  BatteryItems& operator=(const BatteryItems&) = delete;

  /// Takes over what is known now. Allocates nothing when nothing changed.
  void update(const Battery& battery, const Limits& limits);

  /// The user's name for the battery; shown at once.
  void set_custom_name(const std::string& name);

  /// Called when a client wrote /CustomName and the name was accepted.
  void on_custom_name_written(std::function<void(const std::string& name)> handler) {
    custom_name_written_ = std::move(handler);
  }

  [[nodiscard]] ItemTree& tree() { return tree_; }
  [[nodiscard]] const ItemTree& tree() const { return tree_; }
  [[nodiscard]] const ServiceFacts& facts() const { return facts_; }

 private:
  [[nodiscard]] std::unique_ptr<WriteAccess> write_access(Access access);
  [[nodiscard]] SetResult take_custom_name(const Value& value);

  ServiceFacts facts_;
  std::string product_name_;
  std::vector<std::size_t> counts_;  ///< how many items each row of numbered_paths() has
  ItemTree tree_;
  std::function<void(const std::string&)> custom_name_written_;
};

}  // namespace bms::venus

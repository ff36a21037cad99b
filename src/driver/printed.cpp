#include "driver/printed.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "driver/poll_table.hpp"

namespace bms::driver {

namespace {

nlohmann::json to_json(const items::Value& value) {
  return std::visit(
      []<class T>(const T& known) -> nlohmann::json {
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else {
          return known;
        }
      },
      value);
}

}  // namespace

void PrintedItems::meet(const std::string& /*battery_id*/, const Introduction& who, const UserBounds& bounds,
                        Wishes& /*wishes*/) {
  facts_ = {.who = who, .version = BMS_VERSION, .device_instance = 0, .custom_name = {}};
  bounds_ = bounds;
}

void PrintedItems::set_bounds(const UserBounds& bounds) {
  if (bounds == bounds_) return;
  bounds_ = bounds;
  if (items_) items_->set_bounds(bounds);
}

void PrintedItems::show_settings(const UserSettings& user) {
  if (items_) items_->set_user_settings(user);
}

bool PrintedItems::enter(const Battery& battery, const Limits& /*limits*/) {
  if (items_) return false;
  items_.emplace(facts_, battery, bounds_);
  return true;
}

void PrintedItems::publish(const Battery& battery, const Limits& limits) {
  if (!items_) return;
  items_->update(battery, limits);
  nlohmann::ordered_json line;
  line["time_s"] = time_s_();
  if (address_) line["address"] = *address_;
  for (const items::Item& item : items_->tree().items()) line["items"][item.path] = to_json(item.value);
  out_ << line.dump() << "\n";
}

bool PrintedTable::enter(const Battery& /*battery*/, const Limits& /*limits*/) {
  if (std::exchange(entered_, true)) return false;
  if (address_) out_ << "address " << *address_ << "\n";
  out_ << poll_table_head() << "\n";
  return true;
}

void PrintedTable::publish(const Battery& battery, const Limits& limits) {
  if (entered_) out_ << poll_table_row(time_s_(), battery, limits, take_fault_()) << "\n";
}

}  // namespace bms::driver

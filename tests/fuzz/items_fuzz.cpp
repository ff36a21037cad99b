// Fuzzes the items of a battery: hostile writes to any path, hostile texts, measurements that are no numbers. What is
// shown is always finite, clean and safe, and what the owner is said to want is always within what is configured.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "bms/utf8.hpp"
#include "items/battery_items.hpp"
#include "recipe.hpp"

namespace {

using namespace fuzz;
using namespace bms;
using items::BatteryItems;
using items::Incoming;
using items::ItemTree;

/// Numbers of all sizes, infinities and NaN.
double number(Recipe& recipe) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr std::array usual{0.0,
                                    1.0,
                                    -1.0,
                                    2.0,
                                    3.3,
                                    3.45,
                                    49.9,
                                    50.0,
                                    100.0,
                                    101.0,
                                    1e9,
                                    1e300,
                                    infinity,
                                    -infinity,
                                    std::numeric_limits<double>::quiet_NaN(),
                                    std::numeric_limits<double>::denorm_min()};
  const std::uint8_t choice = recipe.byte();
  return choice < 200 ? usual.at(choice % usual.size()) : (recipe.byte() - 128) * std::pow(10, recipe.byte() % 12 - 6);
}

std::optional<double> maybe(Recipe& recipe) {
  return recipe.byte() % 4 == 0 ? std::nullopt : std::optional(number(recipe));
}

std::string text(Recipe& recipe) {
  const ByteVector raw = recipe.bytes(recipe.byte() % 3 == 0 ? 200 : 8);
  return {raw.begin(), raw.end()};
}

Incoming incoming(Recipe& recipe) {
  switch (recipe.byte() % 4) {
    case 0: return {};
    case 1: return static_cast<std::int64_t>(recipe.byte() % 8) - 2;
    case 2: return number(recipe);
    default: return text(recipe);
  }
}

Battery battery(Recipe& recipe, std::size_t cells) {
  Battery battery;
  battery.device = {.family = text(recipe), .model = text(recipe), .serial = text(recipe), .firmware = text(recipe)};
  battery.contact = static_cast<Contact>(recipe.byte() % 7);
  battery.cell_count = cells;
  battery.reading.voltage_v = maybe(recipe);
  battery.reading.current_a = maybe(recipe);
  battery.reading.soc_pct = maybe(recipe);
  battery.reading.cells_v.assign(cells, number(recipe));
  battery.reading.temperatures_c = {maybe(recipe), maybe(recipe)};
  battery.estimate.soc_pct = maybe(recipe);
  battery.estimate.capacity_ah = maybe(recipe);
  battery.estimate.time_to_go_s = maybe(recipe);
  battery.derived.power_w = maybe(recipe);
  if (recipe.byte() % 2 == 0) battery.last_order = {.what = text(recipe), .outcome = text(recipe)};
  return battery;
}

Limits limits(Recipe& recipe) {
  return {.charge_voltage_v = maybe(recipe), .charge_current_a = maybe(recipe), .discharge_current_a = maybe(recipe)};
}

constexpr UserBounds bounds{.max_charge_current_a = 50,
                            .max_discharge_current_a = 60,
                            .absorption_cell_v = 3.45,
                            .float_cell_v = 3.375,
                            .full_charge_days = 30};

void check_settings(const UserSettings& user) {
  must(user.max_charge_current_a.value_or(0) >= 0 && user.max_charge_current_a.value_or(0) <= 50);
  must(user.max_discharge_current_a.value_or(0) >= 0 && user.max_discharge_current_a.value_or(0) <= 60);
  must(user.absorption_cell_v.value_or(3) <= 3.45 && user.float_cell_v.value_or(3) <= 3.375);
  must(user.soc_source.value_or(0) >= 0 && user.soc_source.value_or(0) <= 1);
  must(!(user.full_charge_days.value_or(0) < 0) && user.full_charge_days.value_or(0) < 1e4);
}

double shown(const ItemTree& tree, std::string_view path) {
  return items::number_in(tree[*tree.find(path)].value).value_or(-1);
}

void check(const ItemTree& tree) {
  items::NumberText room;
  for (const items::Item& item : tree.items()) {
    const auto value = items::number_in(item.value);
    must(!value || std::isfinite(*value));
    const auto* words = std::get_if<std::string>(&item.value);
    must(!words || is_clean_text(*words));
    must(item.text(room) != nullptr);
  }
  const bool managed = items::is_valid(tree[*tree.find("/Info/MaxChargeVoltage")].value);
  must(!managed || shown(tree, "/Info/MaxChargeVoltage") > 0);
  must(!managed || shown(tree, "/Info/MaxChargeCurrent") >= 0);
  must(!managed || shown(tree, "/Info/MaxDischargeCurrent") >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe({data, size});
  const std::size_t cells = recipe.byte() % 33;
  items::ServiceFacts facts{.who = {.place = text(recipe), .connection = text(recipe), .product_name = text(recipe)},
                            .version = "1",
                            .device_instance = recipe.byte(),
                            .custom_name = text(recipe)};
  BatteryItems items(std::move(facts), battery(recipe, cells), bounds);
  UserSettings told;
  items.on_written({.custom_name = [](const std::string& name) { must(is_clean_text(name)); },
                    .user_settings =
                        [&](const UserSettings& user) {
                          check_settings(user);
                          told = user;
                          items.set_user_settings(user);  // as the driver does
                        },
                    .soc =
                        [](double soc_pct) {
                          must(soc_pct >= 0 && soc_pct <= 100);
                          return soc_pct > 50;
                        },
                    .clear_history = [](int group) { must(group >= 1 && group <= 7); },
                    .acknowledge_alerts = [] {}});
  ItemTree& tree = items.tree();
  while (!recipe.empty()) {
    switch (recipe.byte() % 4) {
      case 0: items.update(battery(recipe, cells), limits(recipe)); break;
      case 1: tree.clear_changes(); break;
      default: {
        const ItemTree::Id id = (recipe.byte() * 256U + recipe.byte()) % tree.items().size();
        (void)tree.write(id, incoming(recipe));
      }
    }
    check(tree);
    must(tree.changed().size() <= tree.items().size());
  }
  check_settings(told);
  return 0;
}

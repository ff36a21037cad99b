// Fuzzes what comes from a broker: topics and payloads of commands, against a battery. Whatever comes, what is allowed
// stays within what is configured, and every answer is JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "items/battery_items.hpp"
#include "mqtt/command.hpp"
#include "mqtt/topics.hpp"
#include "mqtt/values.hpp"
#include "recipe.hpp"

namespace {

using namespace fuzz;
using namespace bms;

constexpr UserBounds bounds{.max_charge_current_a = 50,
                            .max_discharge_current_a = 60,
                            .absorption_cell_v = 3.45,
                            .float_cell_v = 3.375,
                            .full_charge_days = 30};

std::string text(Recipe& recipe) {
  const ByteVector raw = recipe.bytes(recipe.byte() % 80);
  return {raw.begin(), raw.end()};
}

mqtt::Message message(Recipe& recipe, const std::string& prefix) {
  const auto rows = mqtt::command_rows();
  const std::size_t choice = recipe.byte() % (rows.size() + 2);
  std::string topic = choice < rows.size() ? prefix + std::string(rows[choice].name) : prefix + text(recipe);
  if (choice == rows.size() + 1) topic = text(recipe);
  return {.topic = std::move(topic), .payload = text(recipe), .retained = recipe.byte() % 8 == 0};
}

/// What a battery has that others lack, and with it a command.
struct Has {
  BmsOrders orders;
  bool bluetooth = false;
};

/// A battery that obeys, as far as it has what the command is for.
class ObedientBattery {
 public:
  explicit ObedientBattery(const Has& has) : has_{has} {
    items::WriteHandlers written;
    written.user_settings = [](const UserSettings& user) { accept(user); };
    written.soc = [](double soc_pct) {
      must(soc_pct >= 0 && soc_pct <= 100);
      return true;
    };
    written.clear_history = [](int group) { must(group >= 1 && group <= 7); };
    written.switch_over = [this](const BmsSwitch& wish) {
      const auto* set = std::get_if<SetFet>(&wish);
      must(set != nullptr && (set->fet == Fet::charge ? has_.orders.charge : has_.orders.discharge));
      return true;
    };
    written.release_line = [this](double minutes) {
      must(has_.bluetooth && minutes >= 0);
      return true;
    };
    items_.on_written(std::move(written));
  }

  void take(const mqtt::Message& message, const std::string& prefix, mqtt::Commands allowed) {
    const auto command = mqtt::command_of(message, prefix, allowed);
    if (!command) return check_answer(message.topic, command.error());
    if (!*command) return;
    must(!message.retained && allowed != mqtt::Commands::no && (*command)->row->least <= allowed);
    const auto item = items_.tree().find((*command)->row->path);
    if (!item) return must(lacks(*(*command)->row));
    const items::SetResult result = items_.tree().write(*item, (*command)->value);
    check_answer(message.topic, mqtt::words_of(**command, items_.tree()[*item], true, result));
    std::string state;
    values_.write_state(state);
    must(nlohmann::json::accept(state));
  }

 private:
  [[nodiscard]] bool lacks(const mqtt::CommandRow& row) const {
    return (row.name == "charge_fet" && !has_.orders.charge) ||
           (row.name == "discharge_fet" && !has_.orders.discharge) ||
           (row.name == "release_bluetooth" && !has_.bluetooth);
  }

  [[nodiscard]] items::ServiceFacts facts() const {
    items::ServiceFacts facts{.who = {.orders = has_.orders}, .version = "1", .custom_name = {}};
    if (has_.bluetooth) facts.who.link_quality = [] { return LinkQuality{}; };
    return facts;
  }

  static void check_answer(const std::string& name, const std::string& why) {
    must(nlohmann::json::accept(mqtt::result_document(name, false, why)));
  }

  static void accept(const UserSettings& user) {
    must(user.max_charge_current_a.value_or(0) >= 0 && user.max_charge_current_a.value_or(0) <= 50);
    must(user.max_discharge_current_a.value_or(0) >= 0 && user.max_discharge_current_a.value_or(0) <= 60);
    must(user.absorption_cell_v.value_or(3.45) <= 3.45 && user.float_cell_v.value_or(3.375) <= 3.375);
  }

  Has has_;
  bms::Battery battery_ = [] {
    bms::Battery battery;
    battery.contact = Contact::fresh;
    battery.cell_count = 4;
    battery.reading.cells_v.assign(4, 3.3);
    return battery;
  }();
  items::BatteryItems items_{facts(), battery_, bounds};
  mqtt::Values values_{items_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Recipe recipe(Bytes(data, size));
  const std::string prefix = mqtt::topics_of({}, mqtt::topic_id("jbd_1")).commands;
  const std::uint8_t has = recipe.byte();
  ObedientBattery battery(
      {.orders = {.charge = (has & 1) != 0, .discharge = (has & 2) != 0}, .bluetooth = (has & 4) != 0});
  while (!recipe.empty()) {
    const auto allowed = static_cast<mqtt::Commands>(recipe.byte() % 3);
    battery.take(message(recipe, prefix), prefix, allowed);
  }
  return 0;
}

// What goes to a broker: the documents, and what Home Assistant's own rules say of its part.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "items/alarm_paths.hpp"
#include "items_sample.hpp"
#include "mqtt/discovery.hpp"
#include "mqtt/values.hpp"

namespace bms::mqtt {
namespace {

using Json = nlohmann::ordered_json;

struct Shown {
  explicit Shown(Battery shown = items::test::sample(), items::ServiceFacts said = items::test::facts())
      : battery(std::move(shown)), facts(std::move(said)) {
    update();
  }

  News update() {
    items.update(battery, limits);
    return values.update(battery, limits);
  }
  [[nodiscard]] Json state() const {
    std::string text;
    values.write_state(text);
    return Json::parse(text);
  }
  [[nodiscard]] Json cells() const {
    std::string text;
    values.write_cells(text);
    return Json::parse(text);
  }
  [[nodiscard]] std::string discovery(const Config& config = {}) const {
    const Device device{.battery_id = "jbd_demo0001",
                        .name = "JBD BMS (DEMO0001)",
                        .info = battery.device,
                        .status_topic = "dbus-bms/host-ttyUSB0/status",
                        .topics = topics_of(config, "jbd_demo0001"),
                        .may_be_changed = true};
    return discovery_document(device, values, items.tree(), config);
  }

  Battery battery;
  items::ServiceFacts facts;
  Limits limits = items::test::limits();
  items::BatteryItems items{facts, battery, items::test::bounds()};
  Values values{items};
};

Json as_json(const items::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* count = std::get_if<std::int32_t>(&value)) return *count;
  if (const auto* words = std::get_if<std::string>(&value)) return *words;
  return nullptr;
}

TEST(MqttState, SaysOfEveryItemWhatDbusSays) {
  const Shown shown;
  const Json state = shown.state();
  std::size_t compared = 0;
  for (const ValueRow& row : value_rows()) {
    const auto item = shown.items.tree().find(row.path);
    if (!item) continue;
    EXPECT_EQ(state.at(std::string(row.key)), as_json(shown.items.tree()[*item].value)) << row.key;
    ++compared;
  }
  EXPECT_GT(compared, 20);
  EXPECT_EQ(state["voltage"], 79.2);
  EXPECT_EQ(state["temperature_1"], 20);
  EXPECT_TRUE(state["temperature_2"].is_null()) << "it is said, and unknown";
  EXPECT_EQ(state["alarms"]["low_cell_voltage"], 1);
  EXPECT_EQ(state["alarms"].size(), alarm_count);
  EXPECT_EQ(state["alarm"], "warning");
  EXPECT_EQ(state["charge_mode"], "Absorption");
  EXPECT_EQ(state["settings"]["max_charge_current"], 50);
  const Json cells = shown.cells();
  EXPECT_EQ(cells["v"], Json(std::vector<double>(24, 3.3)));
  EXPECT_EQ(cells["balancing"].size(), 24);
  EXPECT_EQ(cells["balancing"][1], 1);
}

TEST(MqttState, HasEveryKeyAlsoWhenNothingIsKnown) {
  Shown shown;
  const Json known = shown.state();
  shown.battery.contact = Contact::lost;
  shown.limits = {};
  shown.update();
  const Json lost = shown.state();
  std::vector<std::string> before, after;
  for (const auto& [key, value] : known.items()) before.push_back(key);
  for (const auto& [key, value] : lost.items()) after.push_back(key);
  EXPECT_EQ(before, after);
  for (const char* key : {"voltage", "current", "soc", "cvl", "ccl", "charge_fet"})
    EXPECT_TRUE(lost[key].is_null()) << key;
  EXPECT_EQ(lost["contact"], "lost");
}

TEST(MqttState, PutsTextsIntoQuotesThatNothingEnds) {
  Shown shown;
  shown.battery.last_order = LastOrder{.what = "a \"quote\" \\ and \x01", .outcome = "done"};
  shown.update();
  EXPECT_EQ(shown.state()["last_order"], "a \"quote\" \\ and ?") << "control characters are gone already";
}

TEST(MqttState, KnowsWhatMustNotWait) {
  Shown shown;
  EXPECT_FALSE(shown.update().state) << "nothing is new";
  shown.battery.reading.voltage_v = 79.3;
  News news = shown.update();
  EXPECT_TRUE(news.state);
  EXPECT_FALSE(news.at_once || news.cells);
  shown.battery.reading.cells_v[3] = 3.31;
  news = shown.update();
  EXPECT_TRUE(news.cells);
  EXPECT_FALSE(news.state);
  for (const auto& change : std::vector<std::function<void()>>{
           [&] { shown.battery.alarms.raise(Alarm::high_voltage, AlarmLevel::alarm); },
           [&] { shown.limits.charge_current_a = 0; }, [&] { shown.limits.allow_charge = false; },
           [&] { shown.battery.reading.charge_fet = false; }}) {
    change();
    EXPECT_TRUE(shown.update().at_once);
  }
}

// ---- Home Assistant's rules ----
// From its documentation of the MQTT integration, and of the device classes of sensors.

const std::set<std::string> everywhere{"platform", "unique_id", "name", "entity_category", "enabled_by_default"};

const std::map<std::string, std::set<std::string>> keys_of_platforms{
    {"sensor",
     {"state_topic", "value_template", "device_class", "unit_of_measurement", "state_class", "expire_after", "options",
      "suggested_display_precision"}},
    {"binary_sensor", {"state_topic", "value_template", "device_class", "payload_on", "payload_off", "expire_after"}},
    {"number",
     {"command_topic", "value_template", "min", "max", "step", "mode", "device_class", "unit_of_measurement"}},
    {"switch", {"command_topic", "value_template", "payload_on", "payload_off", "optimistic"}},
    {"select", {"command_topic", "value_template", "command_template", "options"}},
    {"button", {"command_topic", "payload_press"}},
};

const std::map<std::string, std::set<std::string>> units_of_classes{
    {"voltage", {"V", "mV", "µV"}},
    {"current", {"A", "mA"}},
    {"power", {"W", "kW", "MW"}},
    {"battery", {"%"}},
    {"temperature", {"°C", "°F", "K"}},
    {"energy", {"Wh", "kWh", "MWh"}},
    {"energy_storage", {"Wh", "kWh", "MWh"}},
    {"duration", {"ms", "s", "min", "h", "d"}},
    {"enum", {""}},
};

const std::map<std::string, std::set<std::string>> state_classes_of_classes{
    {"voltage", {"measurement"}},
    {"current", {"measurement"}},
    {"power", {"measurement"}},
    {"battery", {"measurement"}},
    {"temperature", {"measurement"}},
    {"energy", {"total", "total_increasing"}},
    {"energy_storage", {"measurement"}},
    {"duration", {"measurement", "total", "total_increasing"}},
    {"enum", {""}},
    {"", {"measurement", "total", "total_increasing", ""}},
};

const std::set<std::string> binary_classes{"battery", "battery_charging", "connectivity", "heat", "power", "problem"};

/// The document with the long names of all options.
Json expanded(const Json& json) {
  if (json.is_array()) {
    Json list = Json::array();
    for (const Json& each : json) list.push_back(expanded(each));
    return list;
  }
  if (!json.is_object()) return json;
  Json object = Json::object();
  for (const auto& [key, value] : json.items()) {
    const auto known = abbreviations();
    const auto found = std::ranges::find(known, key, &Abbreviation::abbreviated);
    object[found == known.end() ? key : std::string(found->option)] = expanded(value);
  }
  return object;
}

std::string text_in(const Json& component, const char* key) {
  return component.contains(key) ? component[key].get<std::string>() : std::string();
}

void check_sensor(const std::string& name, const Json& sensor) {
  const std::string device_class = text_in(sensor, "device_class");
  const std::string unit = text_in(sensor, "unit_of_measurement");
  const std::string state_class = text_in(sensor, "state_class");
  if (!device_class.empty()) {
    ASSERT_TRUE(units_of_classes.contains(device_class)) << name << ": " << device_class;
    EXPECT_TRUE(units_of_classes.at(device_class).contains(unit)) << name << ": " << unit << " of " << device_class;
  } else {
    EXPECT_TRUE((std::set<std::string>{"", "Ah", "%"}.contains(unit))) << name << ": a unit that has a class: " << unit;
  }
  EXPECT_TRUE(state_classes_of_classes.at(device_class).contains(state_class)) << name << ": " << state_class;
  EXPECT_EQ(sensor.contains("options"), device_class == "enum") << name;
  const std::string category = text_in(sensor, "entity_category");
  EXPECT_TRUE(category.empty() || category == "diagnostic") << name << ": sensors are not there to be set";
}

void check_number(const std::string& name, const Json& number) {
  EXPECT_LT(number["min"].get<double>(), number["max"].get<double>()) << name;
  EXPECT_GE(number["step"].get<double>(), 0.001) << name;
  const std::string device_class = text_in(number, "device_class");
  if (!device_class.empty()) {
    EXPECT_TRUE(units_of_classes.at(device_class).contains(text_in(number, "unit_of_measurement"))) << name;
  }
}

/// One entity by the rules. `ids`: of those before it.
void check_component(const std::string& name, const Json& component, std::set<std::string>& ids) {
  const std::string platform = text_in(component, "platform");
  ASSERT_TRUE(keys_of_platforms.contains(platform)) << name << ": " << platform;
  for (const auto& [key, value] : component.items())
    EXPECT_TRUE(everywhere.contains(key) || keys_of_platforms.at(platform).contains(key)) << name << ": " << key;
  EXPECT_TRUE(ids.insert(text_in(component, "unique_id")).second) << name << ": an id that another one has";
  EXPECT_FALSE(text_in(component, "name").empty()) << name;
  if (platform == "sensor") check_sensor(name, component);
  if (platform == "number") check_number(name, component);
  if (platform == "binary_sensor" && component.contains("device_class")) {
    EXPECT_TRUE(binary_classes.contains(text_in(component, "device_class"))) << name;
  }
  if (component.contains("command_topic")) {
    EXPECT_EQ(text_in(component, "entity_category"), "config") << name;
  }
}

void check_document(const std::string& text) {
  const Json document = expanded(Json::parse(text));
  const std::set<std::string> allowed{"device",      "origin",    "availability", "availability_mode",
                                      "state_topic", "components"};
  for (const auto& [key, value] : document.items()) EXPECT_TRUE(allowed.contains(key)) << key;
  EXPECT_FALSE(document.at("device").at("identifiers").empty());
  EXPECT_FALSE(document.at("origin").at("name").get<std::string>().empty());
  EXPECT_EQ(document.at("availability_mode"), "all");
  EXPECT_EQ(document.at("availability").size(), 2);
  for (const Json& each : document["availability"]) EXPECT_TRUE(each.at("topic").is_string());
  std::set<std::string> ids;
  int batteries = 0;
  for (const auto& [name, component] : document.at("components").items()) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos) << name;
    check_component(name, component, ids);
    batteries += text_in(component, "device_class") == "battery" ? 1 : 0;
  }
  EXPECT_EQ(batteries, 1) << "another one would count as a low battery";
}

TEST(MqttDiscovery, KeepsTheRulesOfHomeAssistant) {
  for (const Commands commands : {Commands::no, Commands::limits, Commands::all}) {
    const Shown shown;
    check_document(shown.discovery(Config{.commands = commands}));
  }
}

// MQTT Explorer shows no more than that.
TEST(MqttDiscovery, IsShortEnoughForTools) {
  Battery battery = items::test::sample();
  battery.cell_count = 16;
  battery.reading.cells_v.resize(16);
  EXPECT_LT(Shown(battery).discovery(Config{.commands = Commands::all}).size(), 20'000);
}

TEST(MqttDiscovery, IsTheSameForTheSameBattery) {
  EXPECT_EQ(Shown().discovery(), Shown().discovery());
  Shown shown;
  const std::string before = shown.discovery();
  shown.battery.reading.voltage_v = 70;
  shown.update();
  EXPECT_EQ(shown.discovery(), before);
}

TEST(MqttDiscovery, HasOnlyWhatTheBatteryHas) {
  Shown shown;
  const auto has = [&](const char* name) {
    return expanded(Json::parse(shown.discovery()))["components"].contains(name);
  };
  EXPECT_TRUE(has("temperature_1") && has("cell_24") && has("voltage") && has("time_to_go"));
  EXPECT_FALSE(has("temperature_2") || has("heating") || has("charge_fet") || has("cell_25"));
  shown.battery.reading.charge_fet = true;
  EXPECT_TRUE(shown.update().known);
  EXPECT_TRUE(has("charge_fet"));
}

TEST(MqttDiscovery, OffersWhatIsPermitted) {
  const Shown shown;
  const auto names = [&](Commands commands) {
    std::set<std::string> found;
    const Json document = Json::parse(shown.discovery(Config{.commands = commands}));
    for (const auto& [name, component] : document["cmps"].items())
      if (name.starts_with("set_")) found.insert(name);
    return found;
  };
  EXPECT_TRUE(names(Commands::no).empty());
  EXPECT_TRUE(names(Commands::limits).contains("set_max_charge_current"));
  EXPECT_FALSE(names(Commands::limits).contains("set_soc"));
  EXPECT_TRUE(names(Commands::all).contains("set_soc") && names(Commands::all).contains("set_clear_history"));
}

TEST(MqttDiscovery, OffersTheFetsWhereTheyCanBeSwitched) {
  const auto document = [](const BmsOrders& orders) {
    items::ServiceFacts facts = items::test::facts();
    facts.who.orders = orders;
    const Shown shown(items::test::sample(), std::move(facts));
    return Json::parse(shown.discovery(Config{.commands = Commands::all}))["cmps"];
  };
  EXPECT_FALSE(document({}).contains("set_charge_fet"));
  const Json both = document({.charge = true, .discharge = true});
  for (const char* fet : {"charge_fet", "discharge_fet"}) {
    const Json& made = both["set_" + std::string(fet)];
    EXPECT_EQ(made["p"], "switch");
    EXPECT_EQ(made["val_tpl"], "{{ value_json." + std::string(fet) + " }}")
        << "what the BMS shows, not what was wished";
    EXPECT_EQ(made["opt"], false);
  }
}

// The values that Home Assistant takes out of the documents are there: a template that finds nothing keeps the old
// value.
TEST(MqttDiscovery, EveryTemplateFindsItsValue) {
  const Shown shown;
  const Json document = expanded(Json::parse(shown.discovery(Config{.commands = Commands::all})));
  const Json state = shown.state(), cells = shown.cells();
  for (const auto& [name, component] : document["components"].items()) {
    if (!component.contains("value_template")) continue;
    const std::string text = component["value_template"];
    const std::size_t begin = text.find("value_json.") + 11;
    std::string path = text.substr(begin, text.find_first_of(" ])", begin) - begin);
    if (path.starts_with("v[")) {
      EXPECT_LT(std::stoul(path.substr(2)), cells["v"].size()) << name;
      EXPECT_EQ(component["state_topic"], topics_of({}, "jbd_demo0001").cells);
      continue;
    }
    std::ranges::replace(path, '.', '/');
    EXPECT_TRUE(state.contains(Json::json_pointer("/" + path))) << name << ": " << text;
  }
}

}  // namespace
}  // namespace bms::mqtt

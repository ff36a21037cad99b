// The example of a configuration: it is that of the tables, it changes nothing, and each line of it may be used.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "config/config.hpp"
#include "config/example.hpp"
#include "config/options.hpp"

namespace bms::config {
namespace {

Config parsed(const std::string& text) {
  std::istringstream file(text);
  return Config::read(file);
}

std::string all_faults(const Config& config) {
  std::string text;
  for (const Fault& fault : config.faults()) text += fault.text() + "\n";
  return text;
}

TEST(ConfigurationExample, IsThatOfTheTables) {
  const std::string path = TEST_FRAMES_DIR "/../../docs/config.example.ini";
  if (std::getenv("UPDATE_DOCS") != nullptr) std::ofstream(path) << configuration_example();
  std::ifstream file{path};
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, configuration_example()) << "tools/docs writes it";
}

TEST(ConfigurationExample, ChangesNothing) {
  const Config config = parsed(configuration_example());
  EXPECT_EQ(all_faults(config), "");
  EXPECT_EQ(config.option_count(), 0);
}

TEST(ConfigurationExample, HasALineForEachOptionThatMayBeUsedAsItStands) {
  // A bank cannot be without members.
  const std::string used = std::regex_replace(configuration_example(), std::regex("\n#(\\S+ =|\\[bank)"), "\n$1");
  const Config config = parsed(std::regex_replace(used, std::regex("\nmembers ="), "\nmembers = a, b"));
  EXPECT_EQ(all_faults(config), "");
  std::size_t options = 0;
  for (const OptionTable* table :
       {&battery_options(), &bridge_options(), &mqtt_options(), &bluetooth_options(), &bank_options()}) {
    for (const OptionGroup& group : table->groups()) options += group.options.size();
  }
  EXPECT_EQ(config.option_count(), options);
  for (const Explanation& each : config.explain({"ttyUSB0"})) {
    if (each.name.ends_with(".members")) continue;
    EXPECT_EQ(each.value, each.default_value) << each.name;
  }
}

}  // namespace
}  // namespace bms::config

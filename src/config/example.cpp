// Writes the table of the options down as a file to begin with.
#include "config/example.hpp"

#include <string_view>

#include "config/options.hpp"
#include "config/text.hpp"
#include "config/values.hpp"

namespace bms::config {

namespace {

constexpr std::string_view example_opening =
    R"(# What dbus-bms may be told. Every option stands here as a comment, with its default: this file as it is changes nothing.
#
# Copy it to config.ini in the same folder, or begin there with an empty file, and write down only what you want otherwise,
# without the # in front. That file is yours; no update touches it. "dbus-bms config check" says what is wrong with it, and
# docs/configuration.md says more.

# For every battery. A section [battery JBD:DEMO0001] is for one alone, by the identity that the log shows when it is found,
# and [battery ttyUSB0] for what is on that port.
[default]
)";

/// A "*" in a name stands for a number.
std::string name_of_first(std::string_view name) {
  std::string text(name);
  if (const std::size_t star = text.find('*'); star != std::string::npos) text.replace(star, 1, "1");
  return text;
}

std::string options_of(const OptionGroup& group, Target defaults) {
  std::string text = "\n# ----- " + std::string(group.title) + "\n";
  for (const Option& option : group.options) {
    const std::string value = option.text_with_unit(defaults);
    text += "\n" + broken(std::string(option.description) + " (" + option.expected() + ")", "# ") + "\n";
    text += "#" + name_of_first(option.name) + (value.empty() ? " =" : " = " + value) + "\n";
  }
  return text;
}

}  // namespace

std::string configuration_example() {
  std::string text(example_opening);
  Settings battery;
  for (const OptionGroup& group : battery_options().groups()) text += options_of(group, battery);
  text += "\n# For the MPPT bridge, which is one for the whole system.\n[bridge]\n";
  bridge::Config bridge;
  for (const OptionGroup& group : bridge_options().groups()) text += options_of(group, bridge);
  text += "\n# For a broker, which is told of every battery.\n[mqtt]\n";
  mqtt::Config broker;
  for (const OptionGroup& group : mqtt_options().groups()) text += options_of(group, broker);
  text += "\n# For boards without a cable, each of which has a section [battery <address>].\n[bluetooth]\n";
  bluetooth::Config radio;
  for (const OptionGroup& group : bluetooth_options().groups()) text += options_of(group, radio);
  text +=
      "\n# A bank: several batteries as one, by `dbus-bms bank`. Without a section like this one there is none.\n"
      "#[bank House]\n";
  BankOptions bank;
  for (const OptionGroup& group : bank_options().groups()) text += options_of(group, bank);
  return text;
}

}  // namespace bms::config

#include "cli/manual.hpp"

#include <sstream>

namespace bms::cli {

namespace {

/// A text that man prints as it is: no line of it is a request, and no sign has a meaning.
std::string escaped(const std::string& text) {
  std::string safe;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) safe += "\\&";
    if (c == '\\')
      safe += "\\e";
    else if (c == '-')
      safe += "\\-";
    else
      safe += c;
    begins = c == '\n';
  }
  return safe;
}

std::string option_name(const CLI::Option& option) {
  std::string name = option.get_name(/*positional=*/false, /*all_options=*/true);
  const std::size_t braces = name.find('{');
  if (braces != std::string::npos) name = name.substr(0, braces) + "[=RISKS]";
  const bool takes = option.get_items_expected_max() > 0 && !option.get_type_name().empty();
  return name + (takes && !option.get_positional() ? " " + option.get_type_name() : "");
}

void add_options(const CLI::App& command, std::ostream& page) {
  for (const CLI::Option* option : command.get_options()) {
    page << ".TP\n.B " << escaped(option_name(*option)) << "\n" << escaped(option->get_description()) << "\n";
  }
}

void add_command(const CLI::App& command, const std::string& path, std::ostream& page) {
  page << ".SS " << escaped(path) << "\n" << escaped(command.get_description()) << "\n";
  add_options(command, page);
  const std::string footer = command.get_footer();
  if (!footer.empty()) page << ".PP\n.nf\n" << escaped(footer) << "\n.fi\n";
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    add_command(*inner, path + " " + inner->get_name(), page);
}

}  // namespace

std::string manual_page(const CLI::App& app) {
  std::ostringstream page;
  page << ".\\\" Written by dbus-bms manual.\n"
       << ".TH DBUS-BMS 1 \"\" dbus-bms\n"
       << ".SH NAME\ndbus\\-bms \\- " << escaped(app.get_description()) << "\n"
       << ".SH SYNOPSIS\n.B dbus\\-bms\nCOMMAND [OPTIONS]\n"
       << ".SH COMMANDS\n";
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    add_command(*command, app.get_name() + " " + command->get_name(), page);
  return page.str();
}

}  // namespace bms::cli

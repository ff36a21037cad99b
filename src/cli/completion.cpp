#include "cli/completion.hpp"

#include <algorithm>
#include <set>

#include "cli/usage.hpp"
#include "config/text.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

std::string with_blanks(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The parameters of all families that can be read, or written.
std::string parameter_names(bool writable) {
  std::set<std::string> names;
  for (const Family& family : families())
    for (const Variant& variant : family.variants)
      for (const Parameter* one : family.parameters(variant))
        if (!writable || one->access == Access::read_write) names.emplace(one->name);
  return with_blanks({names.begin(), names.end()});
}

/// What can stand behind the commands on the way to this one: further commands and options.
void add_case(const CLI::App& command, const std::string& path, std::string& cases) {
  std::vector<std::string> words = names_of_commands(command);
  std::ranges::move(names_of_options(command), std::back_inserter(words));
  cases += "    '" + path + "') words='" + with_blanks(words) + "' ;;\n";
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    add_case(*inner, path + " " + inner->get_name(), cases);
}

/// What is not said by the table of commands.
constexpr const char* own_words = R"(    ' get') words+=" $readable" ;;
    ' set') words+=" $writable" ;;
    ' switch') words+=' charge discharge balancer on off' ;;
    ' diff') words+=' live' ;;
)";

constexpr const char* frame_begin = R"(_dbus_bms() {
  local current=${COMP_WORDS[COMP_CWORD]} path= words= word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$commands" in *" $word "*) path+=" $word" ;; esac
  done
  case "$path" in
)";

constexpr const char* frame_end = R"(  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ $path == ' set' && ${#COMPREPLY[@]} -eq 1 && $current != -* && ${COMPREPLY[0]} != -* ]]; then
    COMPREPLY[0]+='='
    compopt -o nospace
  fi
}
complete -o default -F _dbus_bms dbus-bms
)";

void add_names(const CLI::App& command, std::set<std::string>& names) {
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
    names.insert(inner->get_name());
    add_names(*inner, names);
  }
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::set<std::string> commands;
  add_names(app, commands);
  std::string cases;
  add_case(app, "", cases);
  // What a function needs is local to it, so that nothing of this is left in somebody's shell.
  std::string begin = frame_begin;
  const std::string locals = "  local commands=' " + with_blanks({commands.begin(), commands.end()}) + " '\n" +
                             "  local readable='" + parameter_names(false) + "'\n" +  //
                             "  local writable='" + parameter_names(true) + "'\n";
  begin.insert(begin.find("  for word"), locals);
  return "# Completion for dbus-bms, written by `dbus-bms completion bash`.\n" + begin + cases + "  esac\n" +
         "  case \"$path\" in\n" + own_words + frame_end;
}

}  // namespace bms::cli

// Reads /proc and a few files of Venus OS; a process that ends meanwhile is left out.
#include "cli/status/system_facts.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace bms::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The number behind a key, as in "VmRSS:   1234 kB".
std::optional<long> number_behind(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key + ":");
  if (at == std::string::npos) return std::nullopt;
  std::istringstream in(text.substr(at + key.size() + 1));
  long number = 0;
  return in >> number ? std::optional{number} : std::nullopt;
}

std::vector<long> process_ids() {
  std::vector<long> ids;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) ids.push_back(std::stol(name));
  }
  std::ranges::sort(ids);
  return ids;
}

fs::path folder_of(long id) { return fs::path("/proc") / std::to_string(id); }

/// The words of its command line, with blanks between them.
std::string command_of(long id) {
  std::string words = content(folder_of(id) / "cmdline");
  while (!words.empty() && words.back() == '\0') words.pop_back();
  std::ranges::replace(words, '\0', ' ');
  return words;
}

/// Fields 14, 15 and 22 of its stat: user and system time, and when it began.
struct Times {
  double cpu_s = 0, began_s = 0;
};

std::optional<Times> times_of(long id) {
  const std::string stat = content(folder_of(id) / "stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream in(stat.substr(name_end + 1));
  std::string skipped;
  constexpr int fields_before_user_time = 11;
  constexpr int fields_before_start = 6;
  for (int i = 0; i < fields_before_user_time; ++i) in >> skipped;
  double user = 0, system = 0, began = 0;
  in >> user >> system;
  for (int i = 0; i < fields_before_start; ++i) in >> skipped;
  if (!(in >> began)) return std::nullopt;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return Times{.cpu_s = (user + system) / ticks, .began_s = began / ticks};
}

double up_time_s() {
  std::ifstream in("/proc/uptime");
  double seconds = 0;
  in >> seconds;
  return seconds;
}

double in_hundredths(double value) { return std::round(value * 100) / 100; }

std::string system_name() {
  if (const std::string venus = first_line("/opt/victronenergy/version"); !venus.empty()) return "Venus OS " + venus;
  const std::string release = content("/etc/os-release");
  const std::string key = "PRETTY_NAME=\"";
  const std::size_t at = release.find(key);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size();
  return release.substr(begin, release.find('"', begin) - begin);
}

bool is_adapter(const std::string& name) { return name.starts_with("ttyUSB") || name.starts_with("ttyACM"); }

/// Nobody but root sees what the processes of others have open.
bool sees_all_processes() { return geteuid() == 0; }

Json users_of(const fs::path& device) {
  Json users = Json::array();
  for (const long id : process_ids()) {
    std::error_code gone;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_of(id) / "fd", gone)) {
      if (fs::read_symlink(entry.path(), gone) != device) continue;
      users.push_back({{"pid", id}, {"name", first_line(folder_of(id) / "comm")}});
      break;
    }
  }
  return users;
}

}  // namespace

Json versions_here() {
  utsname kernel{};
  uname(&kernel);
  Json facts{{"program", "dbus-bms " BMS_VERSION},
             {"system", system_name()},
             {"machine", first_line("/etc/venus/machine")},
             {"kernel", std::string(kernel.release) + " " + kernel.machine},
             {"load", first_line("/proc/loadavg").substr(0, first_line("/proc/loadavg").find(' '))}};
  if (const auto free = number_behind(content("/proc/meminfo"), "MemAvailable")) facts["memory_available_kb"] = *free;
  return facts;
}

Json processes_here() {
  Json found = Json::array();
  for (const long id : process_ids()) {
    if (id == getpid() || !first_line(folder_of(id) / "comm").starts_with("dbus-bms")) continue;
    const auto times = times_of(id);
    const std::string command = command_of(id);
    if (!times || command.empty()) continue;  // one that has ended has no command line any more
    Json process{{"pid", id},
                 {"command", command},
                 {"up_s", static_cast<long>(up_time_s() - times->began_s)},
                 {"cpu_s", in_hundredths(times->cpu_s)}};
    if (const auto memory = number_behind(content(folder_of(id) / "status"), "VmRSS")) process["memory_kb"] = *memory;
    found.push_back(std::move(process));
  }
  return found;
}

Json ports_here() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/dev", ignored)) {
    if (const std::string name = entry.path().filename(); is_adapter(name)) names.push_back(name);
  }
  std::ranges::sort(names);
  Json ports = Json::array();
  for (const std::string& name : names) {
    // It may be a link to something that has another name.
    const fs::path device = fs::weakly_canonical(fs::path("/dev") / name, ignored);
    ports.push_back({{"port", name}, {"used_by", users_of(device)}, {"used_by_is_all", sees_all_processes()}});
  }
  return ports;
}

}  // namespace bms::cli

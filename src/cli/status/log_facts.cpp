// Reads the end of the file that multilog writes to.
#include "cli/status/log_facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace bms::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t complaints_of_each = 3;
constexpr std::size_t stamp_size = 25;

std::vector<std::string> complaints_in(const fs::path& file) {
  std::ifstream in(file);
  constexpr std::streamoff most = 65'536;  // more than multilog lets one become
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(0, size - most));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.find(" error: ") != std::string::npos || line.find(" warning: ") != std::string::npos)
      lines.push_back(line);
  }
  if (lines.size() > complaints_of_each) lines.erase(lines.begin(), lines.end() - complaints_of_each);
  return lines;
}

}  // namespace

std::string time_of_stamp(const std::string& stamp) {
  if (stamp.size() != stamp_size || stamp.front() != '@') return "";
  std::uint64_t label = 0;
  const char* const begin = stamp.data() + 1;
  constexpr int digits_of_seconds = 16;
  const auto [end, error] = std::from_chars(begin, begin + digits_of_seconds, label, 16);
  // Labels count from 2^62, and are 10 s ahead of 1970 as everybody else counts it.
  constexpr std::uint64_t of_1970 = (std::uint64_t{1} << 62U) + 10;
  if (error != std::errc{} || end != begin + digits_of_seconds || label < of_1970) return "";
  const auto seconds = static_cast<std::time_t>(label - of_1970);
  std::tm broken_down{};
  if (gmtime_r(&seconds, &broken_down) == nullptr) return "";
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%F %T", &broken_down)};
}

Json last_complaints(const std::string& directory) {
  std::vector<fs::path> services;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    if (entry.path().filename().string().starts_with("dbus-bms")) services.push_back(entry.path());
  }
  std::ranges::sort(services);
  Json complaints = Json::array();
  for (const fs::path& service : services) {
    for (const std::string& line : complaints_in(service / "current")) {
      const std::string time = time_of_stamp(line.substr(0, stamp_size));
      complaints.push_back({{"service", service.filename().string()},
                            {"time", time},
                            {"line", time.empty() ? line : line.substr(stamp_size + 1)}});
    }
  }
  return complaints;
}

}  // namespace bms::cli

#include "console/undo.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <vector>

#include "console/backup.hpp"
#include "files/atomic_file.hpp"

namespace bms::console {

namespace {

constexpr std::size_t most_kept = 20;

std::string utc(const char* format) {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  text.at(std::strftime(text.data(), text.size() - 1, format, &parts)) = '\0';
  return text.data();
}

/// The name of a new file. What was kept within the same second stays: it is what was there first.
std::string free_name(const std::string& directory, const std::string& beginning) {
  const std::string name = directory + "/" + beginning + utc("%Y%m%dT%H%M%SZ");
  std::string path = name + ".json";
  for (int next = 2; access(path.c_str(), F_OK) == 0; ++next) path = name + "_" + std::to_string(next) + ".json";
  return path;
}

/// Makes room for one more whose name begins so. The names sort by time.
void drop_oldest(const std::string& directory, const std::string& beginning) {
  std::error_code ignored;
  std::vector<std::filesystem::path> kept;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.path().filename().string().starts_with(beginning)) kept.push_back(entry.path());
  }
  std::ranges::sort(kept);
  for (std::size_t i = 0; i + most_kept <= kept.size(); ++i) std::filesystem::remove(kept[i], ignored);
}

}  // namespace

Result<std::string> keep_undo(const std::string& directory, const Answer& answer,
                              std::span<const Parameter* const> parameters) {
  Answer before = answer;
  for (Outcome& outcome : before.results) outcome.after = outcome.before;
  const std::string beginning = "undo-" + files::file_name_of(answer.board.battery) + "-";
  drop_oldest(directory, beginning);
  std::string path = free_name(directory, beginning);
  const std::string content = written(backup_of(before, utc("%Y-%m-%dT%H:%M:%SZ")), parameters);
  if (files::write_atomically(path, content, files::Lasting::yes)) return path;
  return failure(ErrorKind::rejected,
                 "what is there now cannot be kept in " + path + "; is the directory there, and writable?");
}

}  // namespace bms::console

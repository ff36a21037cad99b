#include "mqtt/retained_topics.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "bms/utf8.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::mqtt {

namespace {

constexpr std::string_view beginning = "mqtt-";
constexpr std::string_view ending = ".topics";
constexpr std::size_t longest_topic = 1000;

}  // namespace

RetainedTopics::RetainedTopics(const std::string& directory, const std::string& name)
    : file_(directory + "/" + std::string(beginning) + files::file_name_of(name) + std::string(ending)),
      topics_(read_retained_topics(file_)) {}

bool RetainedTopics::note(const std::string& topic) {
  if (!topics_.insert(topic).second) return true;
  std::string text;
  for (const std::string& each : topics_) text += each + "\n";
  return files::write_atomically(file_, text, files::Lasting::yes);
}

std::vector<std::string> files_of_retained_topics(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(beginning) && name.ends_with(ending)) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

std::set<std::string> read_retained_topics(const std::string& file) {
  std::set<std::string> topics;
  std::istringstream lines(files::read_small_file(file).content.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const bool one_topic =
        !line.empty() && line.size() <= longest_topic && line.find_first_of("+#") == std::string::npos;
    if (one_topic && is_clean_text(line)) topics.insert(line);
  }
  return topics;
}

}  // namespace bms::mqtt

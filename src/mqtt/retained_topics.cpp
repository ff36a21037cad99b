#include "mqtt/retained_topics.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <tuple>
#include <utility>

#include "bms/utf8.hpp"
#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::mqtt {

namespace {

constexpr std::string_view beginning = "mqtt-";
constexpr std::string_view ending = ".topics";
constexpr std::size_t longest_topic = 1000;
// No topic that can be published has it in it: "#ttyUSB0 jbd_demo0001".
constexpr char mark_of_place = '#';

std::string content_of(const std::string& file) { return files::read_small_file(file).content.value_or(""); }

}  // namespace

RetainedTopics::RetainedTopics(const std::string& directory, const std::string& name)
    : file_(directory + "/" + std::string(beginning) + files::file_name_of(name) + std::string(ending)),
      topics_(read_retained_topics(file_)),
      places_(read_places(file_)) {}

bool RetainedTopics::note(const std::string& topic) { return !topics_.insert(topic).second || write(); }

void RetainedTopics::forget(const std::string& topic) {
  // What cannot be written down now is emptied again by the next start, which does no harm.
  if (topics_.erase(topic) > 0) std::ignore = write();
}

std::string RetainedTopics::settle(const std::string& place, const std::string& id) {
  std::string& there = places_[place];
  if (there == id) return {};
  std::string before = std::exchange(there, id);
  std::ignore = write();
  return before;
}

void RetainedTopics::assure() const {
  std::error_code ignored;
  if (!topics_.empty() && !std::filesystem::exists(file_, ignored)) std::ignore = write();
}

bool RetainedTopics::write() const {
  std::string text;
  for (const auto& [place, id] : places_) text += mark_of_place + place + " " + id + "\n";
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
  std::istringstream lines(content_of(file));
  for (std::string line; std::getline(lines, line);) {
    const bool one_topic =
        !line.empty() && line.size() <= longest_topic && line.find_first_of("+#") == std::string::npos;
    if (one_topic && is_clean_text(line)) topics.insert(line);
  }
  return topics;
}

std::map<std::string, std::string> read_places(const std::string& file) {
  std::map<std::string, std::string> places;
  std::istringstream lines(content_of(file));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    if (!line.starts_with(mark_of_place) || blank == std::string::npos || !is_clean_text(line)) continue;
    places[line.substr(1, blank - 1)] = line.substr(blank + 1);
  }
  return places;
}

bool is_somewhere(const std::string& directory, std::string_view id) {
  return std::ranges::any_of(files_of_retained_topics(directory), [id](const std::string& file) {
    return std::ranges::any_of(read_places(file), [id](const auto& entry) { return entry.second == id; });
  });
}

}  // namespace bms::mqtt

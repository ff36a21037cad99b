// Which topics a broker holds for us, kept in a file: whoever wants to be rid of them needs to know their names.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace bms::mqtt {

/// Those of one process.
class RetainedTopics {
 public:
  /// `directory`: where files outlive the process; `name`: of the client.
  RetainedTopics(const std::string& directory, const std::string& name);

  /// One more; written down at once when it is a new one. False: it cannot be written.
  bool note(const std::string& topic);

 private:
  std::string file_;
  std::set<std::string> topics_;
};

/// The files of all processes in a directory, and what they hold.
[[nodiscard]] std::vector<std::string> files_of_retained_topics(const std::string& directory);
[[nodiscard]] std::set<std::string> read_retained_topics(const std::string& file);

}  // namespace bms::mqtt

// Which topics a broker holds because of this program, and of which board at which place, kept over restarts: what
// nobody is to see any more has to be emptied there, one by one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bms::mqtt {

/// The topics of one process, in a file of their own.
class RetainedTopics {
 public:
  /// Reads what an earlier start has left. `name`: which of all processes of this machine it is.
  RetainedTopics(const std::string& directory, const std::string& name);

  /// Remembers a topic. False: it cannot be written down.
  [[nodiscard]] bool note(const std::string& topic);

  /// The broker does not hold it any more.
  void forget(const std::string& topic);

  /// A battery is at this place: the one that was there before, by its id; empty: none was, or the same.
  [[nodiscard]] std::string settle(const std::string& place, const std::string& id);

  [[nodiscard]] const std::set<std::string>& topics() const { return topics_; }

  /// Writes it all down again where somebody has removed the file.
  void assure() const;

 private:
  [[nodiscard]] bool write() const;

  std::string file_;
  std::set<std::string> topics_;
  std::map<std::string, std::string> places_;  ///< place -> id
};

/// The files of all processes that have ever kept some there.
[[nodiscard]] std::vector<std::string> files_of_retained_topics(const std::string& directory);

/// The topics in such a file. Lines that are no topics are left out.
[[nodiscard]] std::set<std::string> read_retained_topics(const std::string& file);

/// Which battery is at which place, as such a file says.
[[nodiscard]] std::map<std::string, std::string> read_places(const std::string& file);

/// Whether some process of this machine has a battery of this id at one of its places.
[[nodiscard]] bool is_somewhere(const std::string& directory, std::string_view id);

}  // namespace bms::mqtt

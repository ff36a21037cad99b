// What Home Assistant was last told of a battery. Entities that a newer document lacks stay there for ever unless they
// are taken back by their names.
#pragma once

#include <string>

namespace bms::mqtt {

class PublishedDocument {
 public:
  /// `file`: where the last document is kept over restarts.
  explicit PublishedDocument(std::string file = {}) : file_(std::move(file)) {}

  /// A document that takes back what this one lacks and leaves the rest; to be sent before it. Empty: it lacks nothing.
  [[nodiscard]] std::string farewell(const std::string& document) const;

  /// This one has been sent. False: it could not be written down.
  bool keep(const std::string& document);

 private:
  std::string file_;
};

/// Where the document of a battery is kept.
[[nodiscard]] std::string document_file(const std::string& directory, const std::string& battery_id);

}  // namespace bms::mqtt

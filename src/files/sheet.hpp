// What one process hands to another one again and again, in a small file in memory: whoever wants to know looks there.
// Nothing is sent, and nobody is woken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/descriptor.hpp"

namespace bms::files {

/// Nothing that is handed over is larger.
inline constexpr std::size_t largest_sheet = 4096;

/// The file holds how long the content is, its sum, and the content. It stays when the process ends: what it says must
/// tell whose it is, and how old.
class Sheet {
 public:
  /// `directory` is made where it is missing; if it is empty or cannot be made, there is no sheet.
  /// `name`: of what is written there, "ttyUSB0".
  /// A file that an earlier process has left is replaced: who still looks there finds nothing new in it.
  Sheet(const std::string& directory, std::string_view name);

  /// The content is this now; nothing at all when there is more of it than largest_sheet.
  void write(std::span<const std::uint8_t> content);

 private:
  Descriptor file_;
  std::vector<std::uint8_t> room_;
};

/// Looks at the sheet of another process.
class SheetWatch {
 public:
  /// To be made anew when that process has started anew.
  SheetWatch(const std::string& directory, std::string_view name);

  /// The newest content, valid until the next look. Empty: there is none, or it is being written just now.
  [[nodiscard]] std::span<const std::uint8_t> look();

 private:
  Descriptor file_;
  std::vector<std::uint8_t> room_;
};

}  // namespace bms::files

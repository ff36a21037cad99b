// Words around numbers and names, as people write them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bms {

/// "1 cell", "16 cells". `noun` is in the singular.
[[nodiscard]] inline std::string counted(std::size_t number, std::string_view noun) {
  return std::to_string(number).append(" ").append(noun).append(number == 1 ? "" : "s");
}

/// Appends `name` with a capital first letter: "High cell voltage".
inline void append_title(std::string& out, std::string_view name) {
  const std::size_t begin = out.size();
  out.append(name);
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
    out[begin] = static_cast<char>(name.front() - 'a' + 'A');
}

/// "a JBD", "an ANT".
[[nodiscard]] inline std::string with_article(std::string_view name) {
  const bool vowel = !name.empty() && std::string_view("AEIOaeio").find(name.front()) != std::string_view::npos;
  return std::string(vowel ? "an " : "a ").append(name);
}

}  // namespace bms

// Texts: what boards send as such, and what their result codes mean.
#include "ant/ant_text.hpp"

namespace bms::ant {

std::string printable(Bytes text) {
  std::string result;
  for (const std::uint8_t byte : text) {
    if (byte == 0) break;
    result += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::string meaning_of_result(std::uint16_t result) {
  switch (result) {
    case 1: return "done";
    case 2: return "failed";
    case 3: return "no permission, a password is wanted";
    default: return "meaning unknown";
  }
}

}  // namespace bms::ant

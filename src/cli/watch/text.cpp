#include "cli/watch/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace bms::cli {
namespace {

struct Range {
  char32_t first, last;
};

// Characters that are dropped: they show nothing, or change how the rest of the line reads.
constexpr std::array<Range, 12> invisible{{
    {0x0000, 0x001F},    // C0 controls
    {0x007F, 0x009F},    // DEL and C1 controls
    {0x00AD, 0x00AD},    // soft hyphen
    {0x0300, 0x036F},    // combining marks: would stack up over the line above
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // vowel separator
    {0x200B, 0x200F},    // zero width and direction marks
    {0x2028, 0x202E},    // line and paragraph separator, direction overrides
    {0x2060, 0x206F},    // word joiner, direction isolates
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xE0000, 0xE0FFF},  // tags and more variation selectors
}};

// Characters that take two columns.
constexpr std::array<Range, 8> wide{{
    {0x1100, 0x115F},
    {0x2E80, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0x1F300, 0x1FAFF},
    {0x20000, 0x3FFFD},
}};

bool within(std::span<const Range> ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return range.first <= c && c <= range.last; });
}

struct Decoded {
  char32_t character;
  std::size_t size;
};

std::size_t sequence_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool is_valid(char32_t c, std::size_t size) {
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
  return c >= least[size] && c <= 0x10FFFF && !surrogate;
}

/// The first character of `text`; empty when its first byte does not begin one.
std::optional<Decoded> decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = sequence_size(lead);
  if (size == 0 || size > text.size()) return std::nullopt;
  if (size == 1) return Decoded{lead, 1};
  auto character = static_cast<char32_t>(lead & (0x7FU >> size));
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return std::nullopt;
    character = (character << 6U) | (byte & 0x3FU);
  }
  if (!is_valid(character, size)) return std::nullopt;
  return Decoded{character, size};
}

std::string_view ansi(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::strong: return "\x1b[1m";
    case Style::faint: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::warning: return "\x1b[33m";
    case Style::bad: return "\x1b[1;31m";
    case Style::banner: return "\x1b[1;37;41m";
    case Style::low: return "\x1b[36m";
    case Style::high: return "\x1b[35m";
  }
  return "";
}

}  // namespace

std::string clean(std::string_view text, bool utf8) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto decoded = decode(text);
    const std::size_t size = decoded ? decoded->size : 1;
    if (!decoded || (size > 1 && !utf8)) {
      result += '?';
    } else if (!within(invisible, decoded->character)) {
      result += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return result;
}

std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto decoded = decode(text.substr(bytes)).value_or(Decoded{U'?', 1});
    const std::size_t columns_of_this = within(wide, decoded.character) ? 2 : 1;
    if (taken + columns_of_this > columns) break;
    taken += columns_of_this;
    bytes += decoded.size;
  }
  return text.substr(0, bytes);
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto decoded = decode(text).value_or(Decoded{U'?', 1});
    width += within(wide, decoded.character) ? 2 : 1;
    text.remove_prefix(decoded.size);
  }
  return width;
}

Line& Line::add(std::string_view text, Style style) {
  if (text.empty()) return *this;
  width_ += width_of(text);
  pieces_.push_back({std::string(text), style});
  return *this;
}

Line& Line::add(const Line& other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  width_ += other.width_;
  return *this;
}

Line& Line::pad_to(std::size_t column) {
  if (width_ < column) add(std::string(column - width_, ' '));
  return *this;
}

std::string Line::print(std::size_t columns, bool colours) const {
  std::string result;
  std::size_t left = columns;
  for (const Piece& piece : pieces_) {
    const std::string_view shown = cut(piece.text, left);
    left -= width_of(shown);
    const std::string_view colour = colours ? ansi(piece.style) : "";
    result += colour;
    result += shown;
    if (!colour.empty()) result += "\x1b[0m";
    if (shown.size() < piece.text.size()) break;
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

std::vector<Line> flow(const Line& label, const std::vector<Line>& pieces, std::size_t columns, std::size_t gap) {
  std::vector<Line> lines{label};
  bool first_on_line = true;
  for (const Line& piece : pieces) {
    if (piece.width() == 0) continue;
    if (!first_on_line && lines.back().width() + gap + piece.width() > columns) {
      lines.push_back(Line{}.pad_to(label.width()));
      first_on_line = true;
    }
    if (!first_on_line) lines.back().pad_to(lines.back().width() + gap);
    lines.back().add(piece);
    first_on_line = false;
  }
  return lines;
}

}  // namespace bms::cli

// Text as it may be shown: strings from the bus made harmless, and lines that know their width and their colours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bms::cli {

/// How a piece of a line is meant; what that looks like is decided when the line is printed.
enum class Style : std::uint8_t { plain, strong, faint, good, warning, bad, banner, low, high };

/// A copy of `text` that is safe to print: valid UTF-8 without control characters, line ends, invisible characters
/// and changes of writing direction. Bytes that are not UTF-8 become '?'; without `utf8` so does all beyond ASCII.
[[nodiscard]] std::string clean(std::string_view text, bool utf8);

/// Columns that `text` takes in a terminal. Precondition: `text` is UTF-8 without control characters.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// The longest beginning of `text` that takes at most `columns`.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t columns);

/// One line on the screen, built from left to right. Every text given to it is clean already.
class Line {
 public:
  /// Appends a piece.
  Line& add(std::string_view text, Style style = Style::plain);
  /// Appends all of another line.
  Line& add(const Line& other);
  /// Appends blanks until the line is `column` wide; nothing when it is already.
  Line& pad_to(std::size_t column);

  [[nodiscard]] std::size_t width() const { return width_; }

  /// The line as printed: cut at `columns`, without blanks at its end, with ANSI colours when asked for.
  [[nodiscard]] std::string print(std::size_t columns, bool colours) const;

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
  std::size_t width_ = 0;
};

/// Puts pieces after `label`, `gap` blanks between them, on as many lines of `columns` as they need. Further lines
/// are indented by the width of the label. Empty pieces are left out; there is always a first line.
[[nodiscard]] std::vector<Line> flow(const Line& label, const std::vector<Line>& pieces, std::size_t columns,
                                     std::size_t gap);

}  // namespace bms::cli

#include "config/ini.hpp"

#include <ini.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Stands for a semicolon that is part of a value, where inih would see a comment.
constexpr char meant_semicolon = '\x1F';

/// Bytes from 0x80 on are letters of UTF-8, whichever sign `char` has.
bool is_control(unsigned char letter) { return letter < ' ' && letter != '\t' && letter != '\r'; }

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

/// The line without its comment.
std::string_view without_comment(std::string_view line, Comments comments) {
  if (comments == Comments::on_lines_of_their_own) {
    const std::string_view text = trimmed(line);
    return text.starts_with('#') || text.starts_with(';') ? std::string_view{} : line;
  }
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    const bool mark = line[i] == '#' || line[i] == ';';
    if (mark && !quoted && (i == 0 || is_blank(line[i - 1]))) return line.substr(0, i);
  }
  return line;
}

/// Hands lines to inih and takes what inih makes of them.
class Reader {
 public:
  Reader(std::istream& in, Comments comments) : in_(in), comments_(comments) {}

  IniFile read() {
    ini_parse_stream(&Reader::next_line, this, &Reader::on_entry, this);
    return std::move(file_);
  }

 private:
  static char* next_line(char* buffer, int size, void* stream) {
    auto& self = *static_cast<Reader*>(stream);
    std::string line;
    if (!std::getline(self.in_, line)) return nullptr;
    ++self.line_;
    const std::string meant = self.as_meant(line, static_cast<std::size_t>(size) - 1);
    std::memcpy(buffer, meant.c_str(), meant.size() + 1);
    return buffer;
  }

  /// The line for inih; empty when it is a comment, or cannot be used and has been complained about.
  std::string as_meant(std::string& line, std::size_t max_size) {
    std::ranges::replace_if(line, is_control, '?');
    std::string_view text = line;
    if (line_ == 1 && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const std::string_view content = trimmed(without_comment(text, comments_));
    // An indented line goes on with the value before, unless it has a name of its own.
    continued_ =
        !content.empty() && is_blank(text.front()) && name_seen_ && !content.contains('=') && !content.starts_with('[');
    if (content.size() >= max_size) {
      return complain("the line is longer than " + std::to_string(max_size - 1) +
                      " characters; a long list may go on in the next line if that is indented");
    }
    if (content.empty()) return {};
    if (content.starts_with('[')) return header(content);
    if (!continued_ && content.find_first_of("=:") == std::string_view::npos) {
      return complain("expected \"[section]\", \"name = value\" or a comment beginning with # or ;");
    }
    name_seen_ = true;
    std::string meant = (continued_ ? " " : "") + std::string(content);
    std::ranges::replace(meant, ';', meant_semicolon);
    return meant;
  }

  std::string header(std::string_view content) {
    const std::size_t end = content.find(']');
    if (end == std::string_view::npos) return complain("expected a \"]\" behind the name of the section");
    name_seen_ = false;
    // inih cuts names off; these do not.
    section_ = trimmed(content.substr(1, end - 1));
    file_.sections.push_back({section_, line_});
    return {};
  }

  std::string complain(std::string message) {
    file_.problems.push_back({line_, std::move(message)});
    return {};
  }

  static int on_entry(void* user, const char* /*section*/, const char* name, const char* text) {
    auto& self = *static_cast<Reader*>(user);
    auto& entries = self.file_.entries;
    std::string value = text;
    std::ranges::replace(value, meant_semicolon, ';');
    if (self.continued_ && !entries.empty()) {
      entries.back().value += " " + value;
    } else {
      entries.push_back({.section = self.section_, .name = name, .value = std::move(value), .line = self.line_});
    }
    return 1;
  }

  std::istream& in_;
  Comments comments_;
  IniFile file_{};
  std::string section_{};
  int line_ = 0;
  bool continued_ = false;
  bool name_seen_ = false;  ///< in this section
};

}  // namespace

IniFile read_ini(std::istream& in, Comments comments) { return Reader(in, comments).read(); }

}  // namespace bms::config

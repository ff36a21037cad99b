// Reading and writing BusItem values in messages of libsystemd.
#pragma once

#include <systemd/sd-bus.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "bms/bytes.hpp"
#include "items/item_tree.hpp"

namespace bms::bus {

struct MessageCloser {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, MessageCloser>;

/// Appends to a message and remembers the first failure, so that it needs to be asked for only once, at the end.
class MessageWriter {
 public:
  /// `message` must outlive the writer.
  explicit MessageWriter(sd_bus_message* message) : message_{message} {}

  /// The arguments must fit `types`, as sd_bus_message_append() wants them.
  template <class... Arguments>
  void append(const char* types, Arguments... arguments) {
    (count(arguments), ...);
    note(sd_bus_message_append(message_, types, arguments...));
  }
  /// A basic value; `value` points to it, or is the text itself. Spares the parsing that append() does of `types`.
  void append_basic(char type, const void* value) {
    type == 's' ? count(static_cast<const char*>(value)) : count(value);
    note(sd_bus_message_append_basic(message_, type, value));
  }
  /// ay
  void append_bytes(Bytes bytes) {
    bytes_ += size_of_basic + bytes.size();
    note(sd_bus_message_append_array(message_, 'y', bytes.data(), bytes.size()));
  }
  void open(char container, const char* contents) {
    note(sd_bus_message_open_container(message_, container, contents));
  }
  void close() { note(sd_bus_message_close_container(message_)); }

  /// As a variant; invalid as an empty array of int32.
  void append_value(const items::Value& value);

  /// The dictionary entry of GetItems and ItemsChanged: absolute path, then Value and Text, and on request the range.
  void append_item(const items::Item& item, bool with_range);

  /// 0 or more, or the first negative errno.
  [[nodiscard]] int result() const { return result_; }

  /// About how many bytes were appended.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void append_named(const char* name, const items::Value& value);
  void count(const char* text) { bytes_ += size_of_basic + std::char_traits<char>::length(text); }
  template <class Other>
  void count(Other /*value*/) {
    bytes_ += size_of_basic;
  }
  void note(int result) {
    if (result_ >= 0 && result < 0) result_ = result;
  }

  static constexpr std::size_t size_of_basic = 12;  ///< with its length, its type and what it is aligned to

  sd_bus_message* message_;
  std::size_t bytes_ = 0;
  int result_ = 0;
};

/// No text that is kept is longer.
inline constexpr std::size_t longest_text = 4096;

/// Reads the next argument, wrapped in a variant or not: a number of any type, a text, or an empty array (invalid).
/// Empty: something else, a text that is too long, or nothing at all.
[[nodiscard]] std::optional<items::Incoming> read_value(sd_bus_message* message);

}  // namespace bms::bus

// Writing JSON into a text that is there already, for what is written again and again.
#pragma once

#include <string>
#include <string_view>

#include "items/value.hpp"

namespace bms::mqtt {

/// Appends `text` in quotes, so that nothing in it ends them.
void append_quoted(std::string& out, std::string_view text);

/// Appends a number in its shortest form, a text in quotes, or null.
void append_value(std::string& out, const items::Value& value);

/// Appends a comma, unless something has just been opened.
void append_comma(std::string& out);

/// Appends the name of a member, after a comma where one is needed.
void append_name(std::string& out, std::string_view name);

}  // namespace bms::mqtt

// Turns the command line of dbus-btbattery into sections of ours: a battery for each address, and a bank of several.
#pragma once

#include <expected>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "config/import/import.hpp"
#include "files/small_file.hpp"

namespace bms::config {

/// How the bank is called unless the owner says otherwise.
inline constexpr const char* usual_btbattery_bank = "btbattery";

using ReadFile = std::function<files::SmallFile(const std::string& path)>;

/// `words`: what stands behind the name of that program, see read_btbattery_line(). `bank`: how the bank is called.
/// `read`: how the file of a battery is read; of such a file that driver takes the two limits of the current, and so
/// does this. What is printed has no faults and may stand behind the sections that the file of that driver has become.
/// Errors: what was expected and what came, for everything that cannot be understood; then there is nothing to print.
[[nodiscard]] std::expected<Imported, std::vector<std::string>> import_btbattery(std::span<const std::string> words,
                                                                                 const std::string& bank,
                                                                                 const ReadFile& read);

}  // namespace bms::config

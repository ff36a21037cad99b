// What a bank reads of the service of a pack, and what it makes of it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "bank/cell_monitors.hpp"
#include "bank/member.hpp"

namespace bms::driver {

/// A value of the service by its place in pack_paths(), as a finite number; empty: it has none.
using PackNumbers = std::function<std::optional<double>(std::size_t path)>;

/// A text of the service by its place in pack_paths(); empty: it has none. Valid as long as it is not another one.
using PackTexts = std::function<std::string_view(std::size_t path)>;

/// The paths of interest. `ours` as for told_of(): the cell monitors of others are not read.
[[nodiscard]] std::span<const std::string_view> pack_paths(bool ours);

/// Those that say who it is: what its bank calls it (a driver of this program that is in one), its serial number, its
/// firmware. Texts.
[[nodiscard]] std::span<const std::string_view> identity_paths();

/// The place of the first of them in pack_paths().
[[nodiscard]] std::size_t identity_path();

/// The place of the counter that moves with sound frames.
[[nodiscard]] std::size_t frame_counter_path();

/// Whether the service says that it hears its BMS: it has a voltage, and is connected.
[[nodiscard]] bool is_connected(const PackNumbers& numbers);

/// What the pack says. `ours`: it is a driver of this program that gives its limits to its bank; those are read where
/// it keeps them.
[[nodiscard]] bank::Told told_of(const PackNumbers& numbers, bool ours);

/// What the cell monitor of a pack of ours says.
[[nodiscard]] bank::PackMonitor monitor_of(const PackNumbers& numbers, const PackTexts& texts);

}  // namespace bms::driver

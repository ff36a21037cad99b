#include "cli/cells/kept.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "cli/batteries.hpp"
#include "cli/watch/text.hpp"
#include "console/battery_names.hpp"
#include "driver/bank_memory.hpp"
#include "driver/cell_memory.hpp"
#include "driver/daemon.hpp"
#include "files/small_file.hpp"

namespace bms::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view file_ending = driver::cells_ending;

void add_names_in(const std::string& directory, std::set<std::string>& names) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory + "/batteries", ignored)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(file_ending)) names.insert(name.substr(0, name.size() - file_ending.size()));
  }
}

Result<std::optional<battery::CellDocument>> read(const std::string& path) {
  const files::SmallFile found = files::read_small_file(path);
  if (!found.problem.empty()) return failure(ErrorKind::rejected, path + " " + found.problem);
  if (!found.content) return std::nullopt;
  auto document = battery::read_cell_document(*found.content);
  if (!document) return failure(ErrorKind::rejected, path + ": " + document.error().message);
  return std::move(*document);
}

/// All batteries of which anything is kept.
std::vector<std::string> names_in(const std::string& state_directory, const std::string& run_directory) {
  std::set<std::string> found;
  add_names_in(state_directory, found);
  add_names_in(run_directory, found);
  return {found.begin(), found.end()};
}

Result<KeptCells> newest_of(const std::string& state_directory, const std::string& run_directory,
                            const std::string& battery) {
  auto lasting = read(driver::cells_file(state_directory, battery));
  auto in_memory = read(driver::cells_file(run_directory, battery));
  if (!lasting && !(in_memory && *in_memory)) return std::unexpected(lasting.error());
  auto document =
      driver::newer_of(lasting ? std::move(*lasting) : std::nullopt, in_memory ? std::move(*in_memory) : std::nullopt);
  if (!document) return failure(ErrorKind::silent, "nothing is known of the cells of " + battery + " any more");
  return KeptCells{.battery = battery, .document = std::move(*document)};
}

/// A battery of which something is kept, as it is meant, and when that was.
struct Known {
  console::BatteryNames names;
  double saved_unix_s = 0;
};

/// What was at a place before is not meant by it any more.
void forget_places_of_older(std::vector<Known>& known) {
  for (Known& one : known) {
    const auto newer = [&](const Known& other) {
      return &other != &one && other.names.place == one.names.place && other.saved_unix_s > one.saved_unix_s;
    };
    if (std::ranges::any_of(known, newer)) one.names.place.clear();
  }
}

std::vector<console::BatteryNames> batteries_kept(const std::string& state_directory,
                                                  const std::string& run_directory) {
  std::vector<Known> known;
  for (const std::string& name : names_in(state_directory, run_directory)) {
    Known one{.names = {.place = {}, .battery = name, .serial = {}, .name = {}}};
    if (const auto kept = newest_of(state_directory, run_directory, name)) {
      one.names.place = kept->document.place;
      one.saved_unix_s = kept->document.saved_unix_s.value_or(0);
    }
    known.push_back(std::move(one));
  }
  forget_places_of_older(known);
  std::vector<console::BatteryNames> names;
  names.reserve(known.size());
  for (Known& one : known) names.push_back(std::move(one.names));
  return names;
}

/// What the battery is known by on D-Bus, where that is another name: what its owner calls it.
std::vector<std::size_t> meant_on_bus(std::span<const console::BatteryNames> kept, std::string_view wanted) {
  std::vector<std::size_t> meant;
  const auto on_bus = names_on_bus();
  for (const std::size_t index : console::batteries_meant(on_bus, wanted, console::Ends::count)) {
    const auto here = console::batteries_meant(kept, on_bus[index].place, console::Ends::do_not_count);
    meant.insert(meant.end(), here.begin(), here.end());
  }
  return meant;
}

std::string in_lines(std::span<const console::BatteryNames> batteries) {
  std::string all;
  for (const console::BatteryNames& battery : batteries) all += "\n  " + clean(in_words(battery), false);
  return all;
}

}  // namespace

std::string place_of_kept_cells() {
  const std::string packaged = "/var/lib/dbus-bms";
  std::error_code ignored;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is another thread
  const bool said = std::getenv("STATE_DIRECTORY") != nullptr;
  return !said && fs::is_directory(packaged, ignored) ? packaged : driver::usual_state_directory();
}

Result<KeptCells> find_kept_cells(const std::string& state_directory, const std::string& run_directory,
                                  std::string_view wanted) {
  const std::vector<console::BatteryNames> kept = batteries_kept(state_directory, run_directory);
  if (kept.empty()) {
    if (::access(state_directory.c_str(), R_OK | X_OK) != 0 && errno == EACCES)
      return failure(ErrorKind::silent, "you may not look into " + state_directory +
                                            "; be root, or in the group that owns it (adduser YOU dbus-bms, then log "
                                            "in again)");
    return failure(ErrorKind::silent,
                   "nothing is known of any cell yet in " + state_directory + " and " + run_directory +
                       ": a driver writes it ten minutes after it has found a battery, and when it ends; "
                       "`dbus-bms watch` shows the cells as they are now");
  }
  auto meant = console::batteries_meant(kept, wanted, console::Ends::count);
  if (meant.empty()) meant = meant_on_bus(kept, wanted);
  if (meant.empty()) {
    return failure(ErrorKind::silent,
                   "nothing is known of the cells of a battery that is called '" + clean(wanted, false) +
                       "'; of a new one it is written after ten minutes. Known are the cells of" + in_lines(kept));
  }
  if (meant.size() > 1) {
    std::vector<console::BatteryNames> several;
    several.reserve(meant.size());
    for (const std::size_t index : meant) several.push_back(kept[index]);
    return failure(ErrorKind::rejected, "cells of several batteries are known, name one of them:" + in_lines(several));
  }
  return newest_of(state_directory, run_directory, kept[meant.front()].battery);
}

std::optional<KeptBank> find_kept_bank(const std::string& state_directory, const std::string& run_directory,
                                       const std::string& name) {
  if (name.empty()) return std::nullopt;
  const files::SmallFile found = files::read_small_file(driver::bank_file(state_directory, name));
  const auto note = found.content ? driver::bank_note_in(*found.content) : std::nullopt;
  if (!note) return std::nullopt;
  const std::vector<console::BatteryNames> kept_here = batteries_kept(state_directory, run_directory);
  KeptBank bank;
  for (const std::string& member : note->members) {
    const auto meant =
        member.empty() ? std::vector<std::size_t>() : console::batteries_meant(kept_here, member, console::Ends::count);
    if (meant.size() != 1) {
      bank.unknown.push_back(member);
      continue;
    }
    auto kept = newest_of(state_directory, run_directory, kept_here[meant.front()].battery);
    if (kept)
      bank.packs.push_back(std::move(*kept));
    else
      bank.problems.push_back(kept.error().message);
  }
  return bank;
}

}  // namespace bms::cli

#include "cli/cells/kept.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "cli/watch/text.hpp"
#include "driver/bank_memory.hpp"
#include "driver/cell_memory.hpp"
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

std::string listed(std::span<const std::string> names) {
  std::string all;
  for (const std::string& name : names) all += "\n  " + clean(name, false);
  return all;
}

}  // namespace

std::vector<std::string> batteries_meant(std::span<const std::string> names, std::string_view wanted) {
  if (wanted.empty()) return {names.begin(), names.end()};
  const auto plain = [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return std::isalnum(code) != 0 ? static_cast<char>(std::tolower(code)) : '_';
  };
  std::vector<std::string> ends;
  for (const std::string& name : names) {
    if (name.size() < wanted.size()) continue;
    const std::string_view end = std::string_view(name).substr(name.size() - wanted.size());
    if (!std::ranges::equal(end, wanted, {}, plain, plain)) continue;
    if (end.size() == name.size()) return {name};
    ends.push_back(name);
  }
  return ends;
}

Result<KeptCells> find_kept_cells(const std::string& state_directory, const std::string& run_directory,
                                  std::string_view wanted) {
  const std::vector<std::string> names = names_in(state_directory, run_directory);
  const std::vector<std::string> meant = batteries_meant(names, wanted);
  if (meant.empty()) {
    const std::string where = state_directory + " and " + run_directory;
    if (names.empty()) return failure(ErrorKind::silent, "nothing is known of any cell in " + where);
    return failure(ErrorKind::silent, "no battery is called so; cells are known of" + listed(names));
  }
  if (meant.size() > 1)
    return failure(ErrorKind::rejected, "cells of several batteries are known, name one of them:" + listed(meant));
  return newest_of(state_directory, run_directory, meant.front());
}

std::optional<KeptBank> find_kept_bank(const std::string& state_directory, const std::string& run_directory,
                                       const std::string& name) {
  if (name.empty()) return std::nullopt;
  const files::SmallFile found = files::read_small_file(driver::bank_file(state_directory, name));
  const auto note = found.content ? driver::bank_note_in(*found.content) : std::nullopt;
  if (!note) return std::nullopt;
  const std::vector<std::string> names = names_in(state_directory, run_directory);
  KeptBank bank;
  for (const std::string& member : note->members) {
    const auto meant = member.empty() ? std::vector<std::string>() : batteries_meant(names, member);
    if (meant.size() != 1) {
      bank.unknown.push_back(member);
      continue;
    }
    auto kept = newest_of(state_directory, run_directory, meant.front());
    if (kept)
      bank.packs.push_back(std::move(*kept));
    else
      bank.problems.push_back(kept.error().message);
  }
  return bank;
}

}  // namespace bms::cli

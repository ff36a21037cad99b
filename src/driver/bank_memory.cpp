#include "driver/bank_memory.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::driver {

namespace {

/// The texts of a list. False: it is no such list.
template <class Names>
bool take_names(const nlohmann::json& json, const char* key, Names& names) {
  const auto list = json.find(key);
  if (list == json.end() || !list->is_array()) return false;
  for (const auto& name : *list) {
    if (!name.is_string()) return false;
    names.insert(names.end(), name.template get<std::string>());
  }
  return true;
}

}  // namespace

std::string bank_file(const std::string& directory, const std::string& bank) {
  return directory.empty() ? std::string() : directory + "/bank-" + files::file_name_of(bank) + ".json";
}

std::optional<BankNote> bank_note_in(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  BankNote note;
  const bool sound =
      json.is_object() && take_names(json, "members", note.members) && take_names(json, "excluded", note.excluded);
  return sound ? std::optional(std::move(note)) : std::nullopt;
}

BankNote BankMemory::recall() const {
  if (file_.empty()) return {};
  const files::SmallFile found = files::read_small_file(file_);
  if (!found.problem.empty()) spdlog::error("{} {}: every pack counts", file_, found.problem);
  if (!found.content) return {};
  if (auto note = bank_note_in(*found.content)) return std::move(*note);
  const auto kept_as = files::move_aside(file_, ".corrupt");
  spdlog::error("{} is damaged, and {}: every pack counts", file_,
                kept_as ? "kept as " + *kept_as : std::string("cannot be moved aside"));
  return {};
}

bool BankMemory::save(const BankNote& note) const {
  if (file_.empty()) return true;
  const nlohmann::json json{{"members", note.members}, {"excluded", note.excluded}};
  return files::write_atomically(file_, json.dump(2) + "\n", files::Lasting::yes);
}

}  // namespace bms::driver

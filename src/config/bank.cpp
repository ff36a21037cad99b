#include "config/bank.hpp"

#include <algorithm>

#include "bluetooth/address.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view left_out = "the bank is left out";

/// A Bluetooth address may be written in several ways, and a port by its path.
std::string kept(std::string_view name) {
  constexpr std::string_view devices = "/dev/";
  if (name.starts_with(devices)) name.remove_prefix(devices.size());
  return bluetooth::canonical_address(name).value_or(std::string(name));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view name : split(list, ',')) {
    if (!name.empty()) names.push_back(kept(name));
  }
  return names;
}

void take_members(Bank& bank, std::span<const Bank> earlier, std::vector<BankFault>& faults) {
  for (std::string& name : names_in(bank.options.members)) {
    const auto other = std::ranges::find_if(earlier, [&](const Bank& each) { return contains(each.members, name); });
    if (contains(bank.members, name)) {
      faults.push_back({"members", "members: " + name + " stands there twice", "it counts once"});
    } else if (other != earlier.end()) {
      faults.push_back({"members", "members: " + name + " is one of [bank " + other->name + "] already",
                        "it belongs to that bank alone"});
    } else {
      bank.members.push_back(std::move(name));
    }
  }
}

void check_least(Bank& bank, std::vector<BankFault>& faults) {
  auto& least = bank.options.min_members;
  if (!least) return;
  if (bank.options.mode == BankMode::series) {
    faults.push_back({"min_members", "min_members is of no use with mode = series", "every pack is needed"});
    least.reset();
  } else if (*least > static_cast<double>(bank.members.size())) {
    faults.push_back({"min_members",
                      "min_members = " + number_text(*least) + ", but the bank has " +
                          number_text(static_cast<double>(bank.members.size())) + " members",
                      "every pack is needed"});
    least = static_cast<double>(bank.members.size());
  }
}

}  // namespace

std::optional<Bank> usable_bank(const std::string& name, int line, const BankOptions& options,
                                std::span<const Bank> earlier, std::vector<BankFault>& faults) {
  Bank bank{.name = name, .line = line, .options = options};
  take_members(bank, earlier, faults);
  if (bank.members.size() < 2 || bank.members.size() > most_bank_members) {
    faults.push_back({"members",
                      "[bank " + name + "]: expected 2 to 16 members, found " +
                          number_text(static_cast<double>(bank.members.size())),
                      std::string(left_out)});
    return std::nullopt;
  }
  check_least(bank, faults);
  return bank;
}

std::string member_named(const Bank& bank, std::span<const std::string_view> names) {
  for (const std::string& member : bank.members) {
    if (std::ranges::find(names, member) != names.end()) return member;
  }
  return {};
}

}  // namespace bms::config

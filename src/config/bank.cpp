#include "config/bank.hpp"

#include <algorithm>

#include "bluetooth/address.hpp"
#include "config/bank_name.hpp"
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

/// A name that is written in full is meant, whatever else ends like it.
std::string whole_names() {
  return "; if these are two packs, write the whole names of their services, " + std::string(battery_service) + "...";
}

bool is_the_bank_itself(const Bank& bank, const std::string& name) {
  const std::string end = service_end_of(bank.name);
  return name == bank.name || name == end || name == std::string(battery_service) + end;
}

/// What speaks against this pack; an empty message: nothing.
BankFault complaint_about_member(const Bank& bank, const std::string& name, std::span<const Bank> earlier) {
  if (contains(bank.members, name)) return {"members", "members: " + name + " stands there twice", "it counts once"};
  if (is_the_bank_itself(bank, name)) {
    return {"members", "members: " + name + " is the bank itself; expected its packs", "it is left out"};
  }
  for (const Bank& other : earlier) {
    const std::string belongs = "it belongs to that bank alone";
    if (contains(other.members, name)) {
      return {"members", "members: " + name + " is one of [bank " + other.name + "] already", belongs};
    }
    const auto alike = std::ranges::find_if(
        other.members, [&name](const std::string& each) { return may_be_one_service(each, name); });
    if (alike != other.members.end()) {
      return {"members", "members: " + name + " may be " + *alike + " of [bank " + other.name + "]" + whole_names(),
              belongs};
    }
  }
  return {};
}

void take_members(Bank& bank, std::span<const Bank> earlier, std::vector<BankFault>& faults) {
  for (std::string& name : names_in(bank.options.members)) {
    if (BankFault fault = complaint_about_member(bank, name, earlier); !fault.message.empty())
      faults.push_back(std::move(fault));
    else
      bank.members.push_back(std::move(name));
  }
}

/// Two services that run at the same time must not have one name.
bool has_a_name_of_its_own(const Bank& bank, std::span<const Bank> earlier, std::vector<BankFault>& faults) {
  const auto other =
      std::ranges::find_if(earlier, [&bank](const Bank& each) { return share_a_name(each.name, bank.name); });
  if (other == earlier.end()) return true;
  faults.push_back({"",
                    "[bank " + bank.name + "] and [bank " + other->name +
                        "] would be the same service on D-Bus: give one of them a name with other letters or digits",
                    std::string(left_out)});
  return false;
}

/// Of a pack its own current is known already, and no bank can measure itself.
void check_shunt(Bank& bank, std::vector<BankFault>& faults) {
  std::string& shunt = bank.options.shunt;
  if (shunt.empty()) return;
  const std::string itself = std::string(battery_service) + service_end_of(bank.name);
  std::string what = may_be_one_service(shunt, itself) ? "the bank itself" : "";
  for (const std::string& member : bank.members) {
    if (what.empty() && may_be_one_service(shunt, member)) what = "its member " + member;
  }
  if (what.empty()) return;
  faults.push_back({"shunt",
                    "shunt: " + shunt + " may be " + what + "; expected a service of its own, with its whole name (" +
                        std::string(battery_service) + "...) if it ends like another one",
                    "the current is that of the packs together"});
  shunt.clear();
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
  if (!has_a_name_of_its_own(bank, earlier, faults)) return std::nullopt;
  take_members(bank, earlier, faults);
  if (bank.members.size() < 2 || bank.members.size() > most_bank_members) {
    faults.push_back({"members",
                      "[bank " + name + "]: expected 2 to 16 members, found " +
                          number_text(static_cast<double>(bank.members.size())),
                      std::string(left_out)});
    return std::nullopt;
  }
  check_least(bank, faults);
  check_shunt(bank, faults);
  return bank;
}

std::string member_named(const Bank& bank, std::span<const std::string_view> names) {
  for (const std::string& member : bank.members) {
    if (std::ranges::find(names, member) != names.end()) return member;
  }
  return {};
}

}  // namespace bms::config

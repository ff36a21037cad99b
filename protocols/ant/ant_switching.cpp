// Judging from a status whether a FET has done what it was told.
#include "ant/ant_switching.hpp"

#include "ant/ant_tables.hpp"

namespace bms::ant {
namespace {

// Protection bits "FET 1 to 4 switched off by hand".
constexpr std::uint64_t discharge_by_hand = 0x0FULL << 17U;
constexpr std::uint64_t charge_by_hand = 0x0FULL << 21U;

std::uint8_t code_of(const Status& status, Fet fet) {
  return fet == Fet::charge ? status.charge_code : status.discharge_code;
}

const FetCode* row_of(const Status& status, Fet fet) {
  return fet == Fet::charge ? find_code(charge_codes, status.charge_code)
                            : find_code(discharge_codes, status.discharge_code);
}

bool off_by_hand(const Status& status, Fet fet) {
  if (code_of(status, fet) == fet_manually_off) return true;
  if (status.newer) return (status.newer->protection & (fet == Fet::charge ? charge_by_hand : discharge_by_hand)) != 0;
  // The old frame has one reason at a time, and a protection comes first; off is off.
  return code_of(status, fet) != fet_on;
}

std::string with_code(std::string_view name, std::uint8_t code) {
  return std::string(name) + " (code " + std::to_string(code) + ")";
}

}  // namespace

std::string fet_reason(const Status& status, Fet fet) {
  const FetCode* row = row_of(status, fet);
  return with_code(row == nullptr ? "a reason that is not known" : row->name, code_of(status, fet));
}

std::optional<CommandResult> shown(const Status& status, Fet fet, bool on) {
  if (!on) return off_by_hand(status, fet) ? std::optional(CommandResult{}) : std::nullopt;
  if (code_of(status, fet) == fet_on) return CommandResult{};
  // Reasons without an alarm are on their way ("off", "waiting"), or are the lock itself, or say that the pack is full;
  // a defect is no reason to be content.
  const FetCode* row = row_of(status, fet);
  const bool held = row != nullptr && row->alarm && *row->alarm != Alarm::internal_failure;
  const bool full = fet == Fet::charge && row != nullptr && row->name == "battery full";
  if (!held && !full) return std::nullopt;
  return "released, but held open: " + fet_reason(status, fet);
}

Error not_shown(const Status& status, Fet fet, bool on) {
  return {ErrorKind::unverified,
          std::string("the board acknowledged, but does not show the ")
              .append(name_of(fet))
              .append(on ? " as on" : " as switched off")
              .append("; it is at: ")
              .append(fet_reason(status, fet)),
          std::nullopt};
}

std::string balancer_text(const Status& status) {
  const BalancerCode* row = find_code(balancer_codes, status.balancer_code);
  return with_code(row == nullptr ? "a state that is not known" : row->name, status.balancer_code);
}

bool balancer_active(const Status& status) {
  const BalancerCode* row = find_code(balancer_codes, status.balancer_code);
  return row != nullptr && row->active;
}

}  // namespace bms::ant

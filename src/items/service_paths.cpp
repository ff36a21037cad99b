// What the service says of itself and of the device, and whether the configuration has faults.
#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr Kind id_number{Type::integer, {.hex = true}};

template <auto Member>
ValueView device(const View& view) {
  return text_unless_empty(view.battery.device.*Member);
}

template <auto Member>
ValueView fact(const View& view) {
  return text(view.facts.*Member);
}

ValueView connection(const View& view) { return text(view.facts.who.connection); }
ValueView instance(const View& view) { return std::int32_t{view.facts.device_instance}; }
ValueView product_name(const View& view) { return text(view.product_name); }
ValueView process_name(const View& /*view*/) { return text("dbus-bms"); }

ValueView requested_pack(const View& view) { return view.requested_pack; }

ValueView fault_count(const View& view) {
  return static_cast<std::int32_t>(view.facts.who.configuration_faults.size() + view.battery.notices.size());
}
ValueView faults(const View& view) { return text(view.faults); }

/// Venus raises an alarm for every number but 0, so that the owner hears of a faulty line. Without a fault it is
/// invalid rather than 0: the screen would show "#0 No error" beside an error of the state.
ValueView error_code(const View& view) {
  constexpr std::int32_t settings_invalid = 119;
  const BankView* bank = view.facts.who.bank;
  if (bank && bank->error_code != 0) return std::int32_t{bank->error_code};
  const bool found = std::ranges::any_of(view.battery.notices, &Notice::fault);
  return view.facts.who.configuration_faults.empty() && !found ? ValueView{} : settings_invalid;
}

/// What the board reports of itself is one text, and belongs on one row of the screen.
template <bool Hardware>
ValueView model(const View& view) {
  return view.facts.who.model_is_hardware == Hardware ? text_unless_empty(view.battery.device.model) : ValueView{};
}

ValueView losses_per_day(const View& view) { return whole(view.link.losses_per_day); }
ValueView longest_gap(const View& view) { return real(view.link.longest_gap_s); }
ValueView link_trouble(const View& view) { return text_unless_empty(view.link.trouble); }
ValueView link_state(const View& view) { return text_unless_empty(view.link.state); }

/// Whole minutes, as long as there is anything left of them.
ValueView released_minutes(const View& view) {
  constexpr double per_minute = 60;
  return std::ceil(view.link.released_s / per_minute);
}
constexpr Kind minutes{Type::real, {0, "min"}, {.counts_per_unit = 1}};

ValueView failed_polls(const View& view) {
  constexpr double to_percent = 100;
  return view.battery.failed_polls_share * to_percent;
}
constexpr Kind whole_percent{Type::real, {0, "%"}, {.counts_per_unit = 1}};

constexpr Presence one_board{[](const Battery&, const Introduction& who) { return who.bank == nullptr; },
                             "unless it is a bank"};
constexpr Presence without_cable{
    [](const Battery&, const Introduction& who) { return static_cast<bool>(who.link_quality); },
    "where the BMS is reached by Bluetooth"};

using enum Lasts;

constexpr Path service_table[] = {
    {"/Mgmt/ProcessName", word, always, process_name, "this program"},
    {"/Mgmt/ProcessVersion", word, always, fact<&ServiceFacts::version>, "its version"},
    {"/Mgmt/Connection", word, always, connection, "where the BMS is attached"},
    {"/DeviceInstance", count, always, instance, "VRM instance, fixed while on the bus"},
    {"/ProductId", id_number, always, constant<product_id>, "of this driver"},
    {"/ProductName", word, always, product_name, "family, and serial number or port"},
    {"/FirmwareVersion", word, always, device<&DeviceInfo::firmware>, "of the BMS"},
    {"/HardwareVersion", word, always, model<true>, "version of the hardware, as the BMS names it"},
    {"/Connected", count, always, constant<1>, "1 as long as the service is there"},
    {"/CustomName", word, always, fact<&ServiceFacts::custom_name>, "the user's name for the battery",
     Writable::custom_name},
    {"/Serial", word, always, device<&DeviceInfo::serial>, "of the BMS"},
    {"/DeviceName", word, always, model<false>, "model, as the BMS names it"},

    {"/ErrorCode", count, always, error_code,
     "119 while something that is configured is not in force, 4 while packs cannot be one bank, else invalid"},
    {"/Info/ConfigurationFaults", count, always, fault_count, "how much there is to put right, there or in the BMS"},
    {"/Info/ConfigurationFault", word, always, faults, "the first of it: \"config.ini:12: ...; ...\""},

    {"/Info/Link/FailedPolls", whole_percent, always, failed_polls,
     "how much of the last five minutes' questions the BMS did not answer, silences apart", Writable::no, &one_board},
    {"/Info/Link/State", word, always, link_state, "\"connected\", or why it is not", Writable::no, &without_cable},
    {"/Info/Link/LossesPerDay", count, always, losses_per_day, "how often the connection was lost in the last 24 hours",
     Writable::no, &without_cable},
    {"/Info/Link/LongestGap", seconds, always, longest_gap, "the longest time without it since the start", Writable::no,
     &without_cable},
    {"/Info/Link/Trouble", word, always, link_trouble,
     "what ends it again and again, such as every minute, and what to switch off", Writable::no, &without_cable},
    {"/Settings/Bluetooth/Release", minutes, always, released_minutes,
     "writing 10 leaves the board to a phone for ten minutes, 0 takes it back; shows the minutes that are left, 0: "
     "none",
     Writable::release_line, &without_cable},

    {"/Battery/Request/Id", count, always, requested_pack, "the pack to look at, from 1", Writable::request_id},
};

}  // namespace

std::span<const Path> service_paths() { return service_table; }

}  // namespace bms::items

// What a battery publishes: tables of paths, read by the items, by the tests and by docs/dbus-paths.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/battery.hpp"
#include "bms/face.hpp"
#include "bms/limits.hpp"
#include "bms/user_settings.hpp"
#include "items/item_tree.hpp"
#include "items/since.hpp"
#include "items/value.hpp"

namespace bms::items {

/// What the service says of itself; all but the custom name and the faults is fixed while it is on the bus.
struct ServiceFacts {
  Introduction who;
  std::string version;      ///< of this program
  int device_instance = 0;  ///< the VRM instance, from localsettings
  std::string custom_name;  ///< the user's name for the battery, "" when unset
  MomentClock clock{};      ///< by which it is said since when something is so; empty: that is not said
};

/// Whether the values are still those of the battery, for programs that must know. It grows all the time, so it is
/// never announced; one that wants to know asks.
inline constexpr std::string_view reading_age_path = "/Info/LastReadingAge";

/// Ours alone: no consumer has quirks for it, and 0 would get the entries of every GUI plugin.
inline constexpr std::int32_t product_id = 0xBAB5;

/// Everything that a path can take its value from.
struct View {
  const Battery& battery;
  const Limits& limits;
  const ServiceFacts& facts;
  const UserSettings& user;          ///< what the owner has changed ...
  const UserBounds& bounds;          ///< ... of what is configured
  std::optional<double> soc_to_set;  ///< that somebody has prepared
  std::string_view product_name;
  std::string_view alarms;          ///< those that are raised, in words
  std::string_view alarm_codes;     ///< the same, for programs
  std::string_view alarms_since;    ///< ... and since when
  const SinceWhen& since;           ///< the state and the reasons are what they are
  std::string_view faults;          ///< the first of what the owner should put right
  std::int32_t requested_pack = 1;  ///< that somebody wants to look at
  LinkQuality link{};               ///< of a line that comes and goes
};

/// Whether somebody can say what the SoC is.
[[nodiscard]] bool soc_can_be_set(const View& view);

/// How long a value is believed after the BMS fell silent.
enum class Lasts : std::uint8_t {
  fresh,       ///< measurements: invalid as soon as readings stop
  held,        ///< kept while the contact is stale
  until_lost,  ///< kept until the BMS counts as lost
  always,      ///< no measurement
};

inline constexpr std::size_t trust_count = 4;

/// Whether a value is still believed in this stage.
[[nodiscard]] bool trusted(Lasts trust, Contact contact);

/// What a client may write to a path.
enum class Writable : std::uint8_t {
  no,
  custom_name,
  request_id,
  set_soc,
  clear_history,
  acknowledge,      ///< what happened to the cells has been seen
  allow_charge,     ///< the other side of /Settings/ChargeBlocked
  allow_discharge,  ///< the other side of /Settings/DischargeBlocked
  charge_off,       ///< the BMS's switches: 1 is off
  discharge_off,
  balancer_off,
  soc_to_set,    ///< prepares a state of charge ...
  apply_soc,     ///< ... which 1 sets
  release_line,  ///< gives it free for so many minutes
  exclude_pack,  ///< of a bank, for service
};

/// Which batteries have a path.
struct Presence {
  bool (*has)(const Battery& first, const Introduction& who);  ///< by the first reading
  std::string_view where;                                      ///< in words: "where the BMS says so"
};

// Which batteries are what: on their own, in a bank, a bank.
inline constexpr Presence own_master{[](const Battery&, const Introduction& who) { return who.member_as.empty(); },
                                     "unless it is in a bank"};
inline constexpr Presence of_a_bank{[](const Battery&, const Introduction& who) { return !who.member_as.empty(); },
                                    "where it is in a bank"};
inline constexpr Presence is_bank{[](const Battery&, const Introduction& who) { return who.bank != nullptr; },
                                  "where it is a bank"};

/// One path of every battery.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in this order rows can be read
struct Path {
  std::string_view path;
  Kind kind;
  Lasts trust;
  ValueView (*source)(const View& view);
  std::string_view meaning;
  Writable writable = Writable::no;
  const Presence* there = nullptr;  ///< empty: all batteries
};

/// What the <n> of a path is.
enum class Each : std::uint8_t {
  cell,       ///< its number, from 1
  pack,       ///< from 1: of a bank each of its packs, else the battery itself
  pack_cell,  ///< the <n>-th pack as above, and <c>, its cells from 1; the index is that of index_of()
  bank_pack,  ///< a pack of a bank, from 1
  sensor,     ///< its number, from 1
  soc_point,  ///< a percentage that is asked for in the configuration
  error,      ///< 1 the newest, to 4
  module,     ///< a unit of the BMS, from 0, where there are several
};

/// A path that exists once for each of several things; "<n>" says which one.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct NumberedPath {
  std::string_view path;
  Each each;
  Kind kind;
  Lasts trust;
  ValueView (*source)(const View& view,
                      std::size_t index);  ///< counts from 0 and is below the first reading's count
  std::string_view meaning;
  Writable writable = Writable::no;
};

/// The paths of every battery, in tables by idea. The first of all is CVL.
[[nodiscard]] std::array<std::span<const Path>, 11> battery_paths();
[[nodiscard]] std::array<std::span<const NumberedPath>, 3> numbered_paths();

// The tables one by one; those of measured values are in battery_paths.cpp itself.
[[nodiscard]] std::span<const Path> limit_paths();
[[nodiscard]] std::span<const Path> service_paths();
[[nodiscard]] std::span<const Path> cell_paths();
[[nodiscard]] std::span<const Path> cell_monitor_paths();
[[nodiscard]] std::span<const Path> alarm_paths();
[[nodiscard]] std::span<const Path> diagnosis_paths();
[[nodiscard]] std::span<const Path> switch_paths();
[[nodiscard]] std::span<const Path> order_paths();
[[nodiscard]] std::span<const Path> history_paths();
[[nodiscard]] std::span<const Path> bank_paths();
[[nodiscard]] std::span<const NumberedPath> numbered_cell_paths();
[[nodiscard]] std::span<const NumberedPath> pack_paths();
[[nodiscard]] std::span<const NumberedPath> numbered_diagnosis_paths();

/// `path` with its <n>, and where it has one its <c>, replaced.
[[nodiscard]] std::string numbered(std::string_view path, std::size_t number, std::size_t cell = 0);

/// A cell of one pack of several as one index, and back. All count from 0.
struct CellOfPack {
  std::size_t pack = 0, cell = 0;
};
[[nodiscard]] constexpr std::size_t index_of(CellOfPack place) { return place.pack * max_cells + place.cell; }
[[nodiscard]] constexpr CellOfPack cell_of_pack(std::size_t index) { return {index / max_cells, index % max_cells}; }

/// The tables as a page for people: docs/dbus-paths.md.
[[nodiscard]] std::string paths_as_markdown();

}  // namespace bms::items

// A bank and its packs, as each of them tells of the other.
#include <chrono>
#include <cstdint>
#include <optional>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr Kind ohms{Type::real, {4, "Ohm"}, {.counts_per_unit = 1000}};

// ----- a pack, to its bank

ValueView member_as(const View& view) { return text(view.facts.who.member_as); }

ValueView member_state(const View& view) {
  const auto state = view.limits.state;
  return state ? ValueView{static_cast<std::int32_t>(*state)} : ValueView{};
}

ValueView resistance(const View& view) {
  return view.facts.who.resistance_ohm ? real(view.facts.who.resistance_ohm()) : ValueView{};
}

/// A number that another one follows while sound frames come. It moves rarely: a change of it wakes everybody.
ValueView frame_counter(const View& view) {
  constexpr std::chrono::seconds step{5};
  constexpr std::int64_t turn = 1'000'000;
  return static_cast<std::int32_t>((view.battery.read_at.time_since_epoch() / step) % turn);
}

// ----- a bank, of its packs

template <auto Member>
ValueView name_in_bank(const View& view) {
  return view.facts.who.bank ? text_unless_empty(view.facts.who.bank->*Member) : ValueView{};
}

const PackView* pack_at(const View& view, std::size_t index) {
  const BankView* bank = view.facts.who.bank;
  return bank && index < bank->packs.size() ? &bank->packs[index] : nullptr;
}

template <auto Member>
ValueView number_of_pack(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return pack ? real(pack->*Member) : ValueView{};
}

template <auto Member>
ValueView text_of_pack(const View& view, std::size_t index) {
  const PackView* pack = pack_at(view, index);
  return pack ? text_unless_empty(pack->*Member) : ValueView{};
}

ValueView cell_of_a_pack(const View& view, std::size_t index) {
  const CellOfPack place = cell_of_pack(index);
  const PackView* pack = pack_at(view, place.pack);
  return pack && place.cell < pack->cells_v.size() ? ValueView{pack->cells_v[place.cell]} : ValueView{};
}

using enum Lasts;

constexpr Path paths[] = {
    {"/Member/Name", word, always, member_as, "what its bank calls it", Writable::no, &of_a_bank},
    {"/Member/State", count, always, member_state, "as /Info/ChargeState", Writable::no, &of_a_bank},
    {"/Member/Resistance", ohms, fresh, resistance, "of the pack", Writable::no, &of_a_bank},
    {"/Info/FrameCounter", count, always, frame_counter, "moves every 5 s as long as sound readings come", Writable::no,
     &of_a_bank},
    {"/Bank/LowestCell", word, fresh, name_in_bank<&BankView::lowest_cell_name>, "with the name of its pack",
     Writable::no, &is_bank},
    {"/Bank/HighestCell", word, fresh, name_in_bank<&BankView::highest_cell_name>, "with the name of its pack",
     Writable::no, &is_bank},
};

constexpr NumberedPath paths_with_number[] = {
    {"/Battery/<n>/Name", Each::pack, word, always, text_of_pack<&PackView::name>,
     "of a pack of a bank, as configured"},
    {"/Battery/<n>/Standing", Each::pack, word, always, text_of_pack<&PackView::standing>,
     "of a pack: in use, returning, silent, excluded, not seen yet"},
    {"/Battery/<n>/Soc", Each::pack, percent, always, number_of_pack<&PackView::soc_pct>, "of a pack"},
    {"/Battery/<n>/Capacity", Each::pack, whole_ampere_hours, always, number_of_pack<&PackView::capacity_ah>,
     "of a pack"},
    {"/Battery/<n>/Voltage", Each::pack, pack_volts, always, number_of_pack<&PackView::voltage_v>, "of a pack"},
    {"/Battery/<n>/Current", Each::pack, amperes, always, number_of_pack<&PackView::current_a>, "of a pack"},
    {"/Battery/<n>/Temperature", Each::pack, degrees, always, number_of_pack<&PackView::temperature_c>,
     "of a pack: its warmest sensor"},
    {"/Battery/<n>/ChargeLimit", Each::pack, limit_amperes, always, number_of_pack<&PackView::charge_limit_a>,
     "of a pack, as it counts"},
    {"/Battery/<n>/DischargeLimit", Each::pack, limit_amperes, always, number_of_pack<&PackView::discharge_limit_a>,
     "of a pack, as it counts"},
    {"/Battery/<n>/Cell/<n>/Voltage", Each::pack_cell, cell_volts, always, cell_of_a_pack,
     "of a cell of a pack of a bank"},
};

}  // namespace

std::span<const Path> bank_paths() { return paths; }
std::span<const NumberedPath> numbered_bank_paths() { return paths_with_number; }

}  // namespace bms::items

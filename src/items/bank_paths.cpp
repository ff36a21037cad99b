// A bank and its packs, as each of them tells of the other.
#include <chrono>
#include <cstdint>
#include <optional>

#include "items/path_sources.hpp"

namespace bms::items {
namespace {

constexpr Kind ohms{Type::real, {4, "Ohm"}, {.counts_per_unit = 10'000}};

// ----- a pack, to its bank

ValueView member_as(const View& view) { return text(view.facts.who.member_as); }

ValueView member_state(const View& view) {
  const auto state = view.limits.state;
  return state ? ValueView{static_cast<std::int32_t>(*state)} : ValueView{};
}

template <auto Member>
ValueView fet(const View& view) {
  return flag(view.battery.reading.*Member);
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

template <auto Member>
ValueView flag_in_bank(const View& view) {
  return view.facts.who.bank ? flag(std::optional(view.facts.who.bank->*Member)) : ValueView{};
}

ValueView packs_of_bank(const View& view) {
  return view.facts.who.bank ? whole(static_cast<double>(view.facts.who.bank->packs.size())) : ValueView{};
}
ValueView packs_online(const View& view) {
  return view.facts.who.bank ? ValueView{std::int32_t{view.facts.who.bank->online}} : ValueView{};
}

using enum Lasts;

constexpr Path bank_table[] = {
    {"/Member/Name", word, always, member_as, "what its bank calls it", Writable::no, &of_a_bank},
    // /Io/AllowToCharge is 0 as well where charge control allows nothing, and a pack still takes its share of a
    // current.
    {"/Member/ChargeFet", count, fresh, fet<&Reading::charge_fet>, "1: closed, the pack can be charged", Writable::no,
     &of_a_bank},
    {"/Member/DischargeFet", count, fresh, fet<&Reading::discharge_fet>, "1: closed, it can be discharged",
     Writable::no, &of_a_bank},
    {"/Member/State", count, always, member_state, "as /Info/ChargeState", Writable::no, &of_a_bank},
    {"/Member/Resistance", ohms, fresh, resistance, "of the pack", Writable::no, &of_a_bank},
    {"/Info/FrameCounter", count, always, frame_counter, "moves every 5 s as long as sound readings come", Writable::no,
     &of_a_bank},
    {"/Bank/LowestCell", word, fresh, name_in_bank<&BankView::lowest_cell_name>, "with the name of its pack",
     Writable::no, &is_bank},
    {"/Bank/HighestCell", word, fresh, name_in_bank<&BankView::highest_cell_name>, "with the name of its pack",
     Writable::no, &is_bank},

    // As other drivers that join packs have them.
    {"/Parallel/TotalBatteries", count, always, packs_of_bank, "its packs", Writable::no, &is_bank},
    {"/Parallel/ActiveBatteries", count, always, packs_online, "those that are heard", Writable::no, &is_bank},
    {"/Parallel/VoltageImbalance", count, fresh, flag_in_bank<&BankView::voltage_imbalance>,
     "1: packs that should have one voltage have not", Writable::no, &is_bank},
    {"/Parallel/CurrentImbalance", count, fresh, flag_in_bank<&BankView::current_imbalance>,
     "1: one carries far less than another", Writable::no, &is_bank},
    {"/Parallel/SocImbalance", count, fresh, flag_in_bank<&BankView::soc_imbalance>, "1: they are charged unevenly",
     Writable::no, &is_bank},
};

}  // namespace

std::span<const Path> bank_paths() { return bank_table; }

}  // namespace bms::items

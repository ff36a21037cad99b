#include "bluetooth/nearby.hpp"

#include <algorithm>
#include <tuple>

#include "bluetooth/signal.hpp"

namespace bms::bluetooth {

namespace {

/// One that the owner has named is shown whatever it looks like: it has told its name to him.
bool is_shown(const Sighting& one) { return one.configured || one.recognition.certainty != Certainty::none; }

unsigned doubt(const Sighting& one) {
  if (one.recognition.certainty == Certainty::certain) return 0;
  return one.recognition.look_alike.empty() ? 1 : 2;
}

unsigned rank(const Advertisement& one) {
  constexpr int not_heard_dbm = -200;
  return one.connected ? 0 : signal_rank(one.rssi_dbm.value_or(not_heard_dbm));
}

bool comes_before(const Sighting& a, const Sighting& b) {
  const auto key = [](const Sighting& one) { return std::tuple(doubt(one), rank(one.advertisement)); };
  return std::tuple(key(a), std::string_view(a.advertisement.address)) <
         std::tuple(key(b), std::string_view(b.advertisement.address));
}

}  // namespace

void Nearby::saw(const Advertisement& advertisement) {
  const auto known = seen_.find(advertisement.address);
  if (known == seen_.end() && seen_.size() >= most_devices) return;
  const bool configured = std::ranges::find(configured_, advertisement.address) != configured_.end();
  seen_.insert_or_assign(
      advertisement.address,
      Sighting{.advertisement = advertisement, .recognition = recognise(advertisement), .configured = configured});
}

std::vector<Sighting> Nearby::boards() const {
  std::vector<Sighting> boards;
  for (const auto& [address, one] : seen_)
    if (is_shown(one)) boards.push_back(one);
  std::ranges::sort(boards, comes_before);
  return boards;
}

std::size_t Nearby::others() const {
  return seen_.size() -
         static_cast<std::size_t>(std::ranges::count_if(seen_, [](const auto& each) { return is_shown(each.second); }));
}

std::vector<std::string> Nearby::missing() const {
  std::vector<std::string> missing;
  for (const std::string& address : configured_)
    if (!seen_.contains(address)) missing.push_back(address);
  return missing;
}

}  // namespace bms::bluetooth

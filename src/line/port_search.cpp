#include "line/port_search.hpp"

#include <algorithm>
#include <stdexcept>

#include "bms/words.hpp"
#include "registry.hpp"

namespace bms::line {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// No new question is begun after these. Whoever names addresses wants each of them asked.
constexpr auto one_family_limit = 4s;
constexpr auto named_address_limit = 900ms;
constexpr auto all_families_limit = 14s;

Search search_of(const config::Settings& settings, const std::string& family, const std::vector<unsigned>& addresses,
                 bool on_air) {
  Search search{.family = family.empty() ? settings.bms : family,
                .addresses = addresses.empty() ? settings.addresses : addresses,
                .baud = static_cast<unsigned>(settings.baud.value_or(0)),
                .cells = static_cast<std::size_t>(settings.cells.value_or(0)),
                .temperature_sensors = static_cast<std::size_t>(settings.temperature_sensors.value_or(0)),
                .on_air = on_air};
  if (!search.family.empty() && find_family(search.family) == nullptr) {
    throw std::invalid_argument("there is no BMS family \"" + search.family + "\", expected one of: " + family_names());
  }
  return search;
}

}  // namespace

PortSearch::PortSearch(const link::Port& port, const std::string& family, const std::vector<unsigned>& addresses,
                       const std::string& state_directory, const config::Config& config)
    : location_(port.location),
      search_(search_of(config.settings_for({port.name, port.by_address()}), family, addresses, port.on_air)),
      said_of_this_port_(!search_.family.empty() && (!family.empty() || config.settings_for({}).bms.empty())),
      candidates_(candidates_of(search_)),
      memory_(state_directory) {
  if (candidates_.empty()) {
    if (port.on_air) {
      throw std::invalid_argument(port.path + ": no board of family " + search_.family +
                                  " with such an address is known to speak Bluetooth LE");
    }
    throw std::invalid_argument("no board of " + (search_.family.empty() ? "any family" : "family " + search_.family) +
                                " can have the address that is configured; see docs/ for the range");
  }
}

std::string PortSearch::wanted() const {
  if (search_.family.empty()) return "a BMS of any family";
  return with_article(find_family(search_.family)->title) + " BMS";
}

bool PortSearch::waits(link::Claim claim) const {
  switch (claim) {
    case link::Claim::owner: return true;
    case link::Claim::candidate: return said_of_this_port_;
    case link::Claim::by_hand: break;
  }
  return !search_.family.empty();
}

std::string PortSearch::advice() const {
  if (search_.on_air) return "Is the BMS awake? Some modules answer nobody while a phone is connected.";
  std::string advice = "Is the BMS awake, and is it wired as its page says (TX to RX, A to A, ground)?";
  const Family* const family = search_.family.empty() ? nullptr : find_family(search_.family);
  const bool has_addresses = family == nullptr || family->last_address > 0;
  if (has_addresses && search_.addresses.empty()) {
    advice += " Boards with an address other than the usual ones are asked with --address 1-16.";
  } else if (!search_.addresses.empty()) {
    advice += " Only the addresses that are named were asked; without them boards that have none are asked as well.";
  }
  if (family == nullptr) {
    advice += " With --bms FAMILY one family is asked more patiently.";
  } else {
    advice += " Without --bms, and without bms in the configuration, all families are asked.";
  }
  if (search_.baud != 0)
    advice += " The speed was set to " + std::to_string(search_.baud) + " baud by the configuration.";
  return advice;
}

Detected PortSearch::certain(const Candidate& candidate) const {
  return {.candidate = candidate, .protocol = candidate.family->make(candidate.options), .reading = {}, .why = {}};
}

Clock::duration PortSearch::limit() const {
  const Clock::duration usual = search_.family.empty() ? all_families_limit : one_family_limit;
  if (search_.addresses.empty()) return usual;
  return std::max<Clock::duration>(usual, candidates_.size() * named_address_limit);
}

asio::awaitable<Result<Detected>> PortSearch::look(link::Link& line, const SearchFollower& follower) {
  if (candidates_.size() == 1 && !search_.family.empty()) {
    if (auto ready = line.use_baud(candidates_.front().options.variant.baud); !ready)
      co_return std::unexpected(ready.error());
    if (auto opened = co_await line.open(); !opened) co_return std::unexpected(opened.error());
    co_return certain(candidates_.front());
  }

  Detection detection(line, follower);
  const auto last_time = memory_.recall(location_);
  if (const auto likely = last_time ? remembered(candidates_, *last_time) : std::nullopt) {
    auto found = co_await detection.try_one(*likely);
    if (found || found.error().kind == ErrorKind::link) co_return found;
  }
  const bool one_family = !search_.family.empty();
  auto found = co_await detection.run(candidates_, limit(), !one_family && !search_.on_air);
  if (found) memory_.store(location_, written(found->candidate));
  co_return found;
}

std::vector<Candidate> PortSearch::companions(const Candidate& found) const {
  std::vector<Candidate> others;
  for (const unsigned address : search_.addresses) {
    if (address == found.options.variant.address) continue;
    Candidate other = found;
    other.options.variant.address = address;
    // Not every address is one for every way of talking.
    if (remembered(candidates_, written(other))) others.push_back(other);
  }
  return others;
}

}  // namespace bms::line

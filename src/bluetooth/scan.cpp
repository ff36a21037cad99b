#include "bluetooth/scan.hpp"

#include <optional>
#include <utility>

#include "bluetooth/bluez.hpp"
#include "bms/timer.hpp"

namespace bms::bluetooth {

namespace {

// BlueZ needs some seconds at the start of a device; before that its absence is no news.
constexpr std::chrono::milliseconds first_judgement{1500};

}  // namespace

class Scan::Search {
 public:
  Search(boost::asio::io_context& loop, const std::string& adapter, ScanListener listener);

 private:
  void look();
  void report_devices(const std::string& adapter);
  void report_problem(const std::string& problem);
  [[nodiscard]] std::string why_not() const;

  ScanListener listener_;
  std::string wanted_;
  Bluez bluez_;
  Listening following_;
  std::shared_ptr<Discovery> discovery_;
  std::map<std::string, Advertisement> reported_;  ///< by address
  std::map<std::string, unsigned> heard_before_;   ///< by address: what BlueZ had counted when the scan began
  std::optional<std::string> problem_;             ///< as reported
  Timer first_look_;
  bool judges_ = false;
};

Scan::Search::Search(boost::asio::io_context& loop, const std::string& adapter, ScanListener listener)
    : listener_(std::move(listener)),
      wanted_(canonical_address(adapter).value_or(adapter)),
      bluez_(loop, [this](const std::string& why) { report_problem("D-Bus has gone: " + why); }),
      following_(bluez_.follow([this] { look(); })),
      first_look_(loop) {
  bluez_.want_all();
  first_look_.after(first_judgement, [this] {
    judges_ = true;
    look();
  });
}

std::string Scan::Search::why_not() const {
  if (!bluez_.is_there()) return "BlueZ does not run: there is no org.bluez on the bus";
  const auto* const adapter = bluez_.objects().adapter(wanted_);
  if (adapter == nullptr)
    return wanted_.empty() ? "there is no Bluetooth adapter" : "the Bluetooth adapter " + wanted_ + " is not there";
  if (!adapter->second.powered)
    return "the Bluetooth adapter " + std::string(short_name(adapter->first)) + " is switched off";
  return discovery_ ? discovery_->problem() : "";
}

void Scan::Search::look() {
  const auto* const adapter = bluez_.objects().adapter(wanted_);
  const bool possible = adapter != nullptr && adapter->second.powered;
  if (!possible) discovery_.reset();
  if (possible && (!discovery_ || discovery_->adapter() != adapter->first)) {
    discovery_ = bluez_.discover(adapter->first);
    discovery_->on_outcome([this] { report_problem(why_not()); });
    heard_before_.clear();
    for (const auto& [path, device] : bluez_.objects().devices()) heard_before_[device.shown.address] = device.heard;
  }
  if (const std::string problem = why_not(); !problem.empty() && judges_) report_problem(problem);
  if (possible) report_devices(adapter->first);
}

/// What BlueZ only remembers need not be near.
void Scan::Search::report_devices(const std::string& adapter) {
  for (const auto& [path, device] : bluez_.objects().devices()) {
    if (device.adapter != adapter) continue;
    const auto before = heard_before_.find(device.shown.address);
    const bool heard = before == heard_before_.end() ? device.heard > 0 : device.heard > before->second;
    if (!heard && !device.shown.connected) continue;
    Advertisement& known = reported_[device.shown.address];
    if (known == device.shown) continue;
    known = device.shown;
    if (listener_.on_seen) listener_.on_seen(known);
  }
}

void Scan::Search::report_problem(const std::string& problem) {
  if (problem_ == problem) return;
  problem_ = problem;
  if (listener_.on_problem) listener_.on_problem(problem);
}

Scan::Scan(boost::asio::io_context& loop, const std::string& adapter, ScanListener listener)
    : search_(std::make_unique<Search>(loop, adapter, std::move(listener))) {}
Scan::~Scan() = default;

}  // namespace bms::bluetooth

#include "driver/member.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "bms/words.hpp"
#include "driver/owner_config.hpp"
#include "files/footprint.hpp"
#include "line/identity.hpp"
#include "line/thresholds.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto settled_after = 10s;  // consumers have scanned the service by then
// Whoever asks for the same again and again wears out no memory, neither ours nor the board's.
constexpr auto pause_after_wish = 10s;

CivilTime civil_time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return {.year = local.tm_year + 1900,
          .month = local.tm_mon + 1,
          .day = local.tm_mday,
          .hour = local.tm_hour,
          .minute = local.tm_min,
          .second = local.tm_sec};
}

/// Whether the BMS has a command that sets its SoC.
bool takes_soc(Protocol& protocol) {
  return protocol.command(SetSoc{.soc_pct = 50, .now = civil_time_now()}).has_value();
}

}  // namespace

Member::Member(const Surroundings& around, std::string name, const line::Candidate& candidate,
               std::unique_ptr<Protocol> protocol, std::vector<std::unique_ptr<Face>> faces)
    : around_(around),
      name_(std::move(name)),
      log_name_(around_.alone && name_ == around_.port.name ? "" : name_ + ": "),
      family_(*candidate.family),
      protocol_(std::move(protocol)),
      settings_(around_.config.settings_for({around_.port.name, name_})),
      session_(around_.line),
      pipeline_(protocol_->bounds(), pipeline_config_of(settings_)),
      poll_cycle_(around_.line, *protocol_, session_, pipeline_, *this),
      heartbeat_(around_.places.in_memory, name_),
      contact_timer_(around_.loop),
      settled_timer_(around_.loop),
      wished_save_(around_.loop, 1, pause_after_wish, [this] { save(Lasting::yes); }),
      faces_(std::move(faces)) {}

asio::awaitable<Result<void>> Member::cycle() {
  if (order_ && around_.line.now() >= next_order_at_) co_await carry_out_order();
  pipeline_.hear(external());
  if (auto polled = co_await poll_cycle_.cycle(); !polled) co_return polled;
  if (!known()) co_return Result<void>{};
  if (!adopted_) {
    adopted_ = true;
    adopt(co_await identify());
  } else if (!thresholds_asked_) {
    thresholds_asked_ = true;
    co_await learn_thresholds();
  }
  co_return Result<void>{};
}

std::vector<std::string> Member::names() const {
  return {around_.port.name, name_, line::identity_of(pipeline_.battery().device)};
}

config::Settings Member::settings_of(const DeviceInfo& device) const {
  return around_.config.settings_for({around_.port.name, name_, line::identity_of(device)});
}

/// Where it is, when it cannot say who it is.
std::string Member::location() const {
  const std::string& port_name = around_.port.name;
  return around_.port.location + name_.substr(std::min(port_name.size(), name_.size()));
}

asio::awaitable<DeviceInfo> Member::identify() {
  co_return co_await line::ask_who_is_there(session_, *protocol_, poll_cycle_.line_noisy(),
                                            [this] { around_.pulse.beat(); });
}

void Member::adopt(DeviceInfo device) {
  if (device.family.empty()) device.family = family_.title;
  spdlog::info("{}found {}{}, {}, firmware {}, identity {}", log_name_, device.family,
               device.model.empty() ? "" : " " + device.model, counted(pipeline_.battery().cell_count, "cell"),
               device.firmware.empty() ? "unknown" : device.firmware,
               device.serial.empty() ? "none, known by its port " + location() : line::identity_of(device));
  settings_ = settings_of(device);
  const auto id = claim_id(device);
  if (!id) {
    spdlog::error("{}is another driver running on this port?", log_name_);
    return around_.give_up();
  }
  pipeline_.adopt(std::move(device), pipeline_config_of(settings_), recall(*id), around_.line.now());
  const Introduction who = introduction();
  const UserBounds bounds = user_bounds_of(settings_, pipeline_.battery().estimate.sure_capacity_ah);
  for (const auto& face : faces_) {
    face->meet(*id, who, bounds, *this);
    face->follow(settings_.external_battery);
  }
  enter_faces();
}

/// The first of the ids by which it can be known that no other battery has, wherever it is seen.
std::optional<std::string> Member::claim_id(const DeviceInfo& device) {
  for (const std::string& identity :
       {device.serial.empty() ? location() : device.serial, device.serial + "_" + name_}) {
    std::string id = line::battery_id(device.family, identity);
    if (std::ranges::all_of(faces_, [&](const auto& face) { return face->claim(id); })) return id;
    spdlog::warn("another battery is known as {} already", id);
  }
  return std::nullopt;
}

Introduction Member::introduction() const {
  Introduction who{.place = name_,
                   .connection = around_.port.path,
                   .product_name = settings_.name,
                   .model_is_hardware = family_.model_is_hardware,
                   .bms_takes_soc = takes_soc(*protocol_)};
  who.reading_age_s = [this] { return std::chrono::duration<double>(around_.line.now() - read_at_).count(); };
  for (const config::Fault& fault : around_.config.faults()) who.configuration_faults.push_back(fault.text());
  return who;
}

std::optional<Recalled> Member::recall(const std::string& device_id) {
  memory_.emplace(battery_file(around_.places.lasting, device_id), battery_file(around_.places.in_memory, device_id));
  const auto recalled = memory_->recall(std::chrono::system_clock::now());
  if (!memory_->problem().empty()) spdlog::error("{}{}", log_name_, memory_->problem());
  if (!recalled) {
    spdlog::info("{}nothing is remembered of this battery", log_name_);
  } else if (recalled->down_s) {
    spdlog::info("{}going on from what was saved {:.0f} s ago", log_name_, *recalled->down_s);
  } else {
    spdlog::info("{}going on from what was saved, nobody knows when", log_name_);
  }
  return recalled;
}

asio::awaitable<void> Member::learn_thresholds() {
  const Thresholds found = co_await line::read_thresholds(session_, *protocol_, family_.thresholds);
  around_.pulse.beat();
  if (!found.cell_over_voltage_v && !found.cell_under_voltage_v) co_return;
  const auto in_words = [](std::optional<double> voltage_v) {
    return voltage_v ? fmt::format("{:.3f} V", *voltage_v) : std::string("unknown");
  };
  spdlog::info("{}the BMS ends charging at {} per cell, discharging at {}", log_name_,
               in_words(found.cell_over_voltage_v), in_words(found.cell_under_voltage_v));
  pipeline_.learn_thresholds(found);
}

asio::awaitable<bool> Member::still_the_same() {
  const std::string serial_before = pipeline_.battery().device.serial;
  if (serial_before.empty()) co_return true;  // known by its port, and this is the port
  const DeviceInfo device = co_await identify();
  if (device.serial.empty() || device.serial == serial_before) co_return true;
  spdlog::error("another BMS is on {} now: serial {}, was {}; starting anew", name_, device.serial, serial_before);
  co_return false;
}

void Member::change_settings(const UserSettings& user) {
  user_ = user;
  for (const auto& face : faces_) face->show_settings(user);
  pipeline_.configure(pipeline_config_of(settings_, user_), around_.line.now());
  if (pipeline_.battery().measurements_valid()) charge_log_.follow(pipeline_.outcome(), log_name_);
  publish();
}

bool Member::set_soc(double soc_pct) {
  if (pipeline_.soc_source() == battery::SocSource::external) {
    spdlog::warn("{}SoC cannot be set: it is that of {}", log_name_, settings_.external_battery);
    return false;
  }
  if (pipeline_.soc_source() != battery::SocSource::bms) {
    spdlog::info("{}SoC is set to {:.1f} % by hand", log_name_, soc_pct);
    pipeline_.set_soc(soc_pct);
    wished_save_.ask();
    publish();
    return true;
  }
  auto order = protocol_->command(SetSoc{.soc_pct = soc_pct, .now = civil_time_now()});
  if (!order) {
    spdlog::warn("{}SoC cannot be set: {}; with soc_source = own it can", log_name_, order.error().message);
    return false;
  }
  order_ = *std::move(order);
  return true;
}

void Member::clear_history(int group) {
  pipeline_.clear_history(static_cast<battery::HistoryGroup>(group));
  wished_save_.ask();
}

asio::awaitable<void> Member::carry_out_order() {
  const auto order = std::move(order_);
  next_order_at_ = around_.line.now() + pause_after_wish;
  const auto ran = co_await session_.run(*order);
  around_.pulse.beat();
  if (!ran) co_return;  // the line is gone; the poll will report it
  if (const auto done = order->result(); !done) {
    spdlog::error("{}the BMS did not take the SoC: {}", log_name_, done.error().message);
  } else {
    spdlog::info("{}the BMS has taken the SoC that was set by hand", log_name_);
  }
}

/// Whatever one of the faces hears of others, and the clock on the wall.
External Member::external() const {
  External all;
  for (const auto& face : faces_) {
    const External heard = face->external();
    if (heard.current_a) all.current_a = heard.current_a;
    if (heard.soc_pct) all.soc_pct = heard.soc_pct;
    if (heard.floor_soc_pct) all.floor_soc_pct = heard.floor_soc_pct;
  }
  all.unix_s = unix_time(std::chrono::system_clock::now());
  return all;
}

void Member::enter_faces() {
  // Nothing is allowed, and nothing is shown, before a complete reading that is still true.
  if (!adopted_ || pipeline_.battery().contact != Contact::fresh) return;
  bool entered = false;
  for (const auto& face : faces_) entered |= face->enter(pipeline_.battery(), pipeline_.limits());
  if (!entered) return;
  give_back_startup_memory();
  settled_timer_.expires_after(settled_after);
  settled_timer_.async_wait([](const boost::system::error_code& cancelled) {
    if (!cancelled) give_back_startup_memory();
  });
}

void Member::publish() {
  log_contact();
  alarm_log_.follow(pipeline_.battery(), log_name_);
  for (const auto& face : faces_) face->publish(pipeline_.battery(), pipeline_.limits());
}

void Member::on_reading() {
  // An outage long enough for the log is over: the next one is logged from its beginning.
  if (logged_contact_ > Contact::fresh && logged_contact_ < Contact::returning) repeats_ = {};
  read_at_ = around_.line.now();
  heartbeat_.beat(read_at_);
  charge_log_.follow(pipeline_.outcome(), log_name_);
  notice_log_.follow(pipeline_.battery(), log_name_);
  const UserBounds bounds = user_bounds_of(settings_, pipeline_.battery().estimate.sure_capacity_ah);
  for (const auto& face : faces_) face->set_bounds(bounds);
  enter_faces();
  publish();
  outage_ = {};
  save_if_due();
  await_contact_change();
}

void Member::on_fault(const Error& why) {
  ++outage_.polls;
  outage_.last = why;
  if (const auto number = repeats_.hit(why.kind, around_.line.now())) {
    const bool again = *number > 1;
    spdlog::warn("{}no reading ({}): {}{}", log_name_, name_of(why.kind), why.message,
                 again ? " (number " + std::to_string(*number) + ")" : "");
  }
}

void Member::save_if_due() {
  if (!memory_) return;
  const auto& errors = pipeline_.battery().history.last_errors;
  const bool new_error = errors != saved_errors_;
  saved_errors_ = errors;
  const auto due = save_schedule_.due(pipeline_.battery().estimate.soc_pct,
                                      pipeline_.outcome().transition.has_value() || new_error, around_.line.now());
  if (due) save(*due);
}

void Member::save(Lasting lasting) {
  if (!memory_) return;
  const bool saved = memory_->save(pipeline_.remembered(), lasting, std::chrono::system_clock::now());
  if (!saved && !save_failed_)
    spdlog::error("{}what is known of the battery cannot be saved in {}; is it there, and writable? See --state-dir",
                  log_name_, lasting == Lasting::yes ? around_.places.lasting : around_.places.in_memory);
  save_failed_ = !saved;
}

void Member::await_contact_change() {
  // The timer is not moved with every reading: it fires once in a while, finds contact fresh, and looks further.
  const auto due = pipeline_.next_change(around_.line.now());
  if (!due || (contact_timer_.expiry() > around_.line.now() && contact_timer_.expiry() <= *due)) return;
  contact_timer_.expires_at(*due);
  contact_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    pipeline_.time_passes(around_.line.now());
    publish();
    await_contact_change();
  });
}

/// " (silent: asked for register 0x03: not one byte came; 9 polls without a reading)", or nothing.
std::string Member::outage_in_words() const {
  const std::optional<Error>& why = outage_.last ? outage_.last : session_.unanswered();
  if (!why) return {};
  std::string polls;
  if (outage_.polls > 0)
    polls = fmt::format("; {} poll{} without a reading", outage_.polls, outage_.polls == 1 ? "" : "s");
  return fmt::format(" ({}: {}{})", name_of(why->kind), why->message, polls);
}

void Member::log_contact() {
  const Contact contact = pipeline_.battery().contact;
  if (contact == logged_contact_) return;
  switch (contact) {
    case Contact::never: break;
    case Contact::fresh:
      if (logged_contact_ != Contact::never) spdlog::info("{}contact is steady again", log_name_);
      break;
    case Contact::stale:
      spdlog::warn("{}the BMS does not answer: measurements are invalid, charging is not allowed{}", log_name_,
                   outage_in_words());
      break;
    case Contact::kept:
      spdlog::error("{}the BMS is lost: the battery is kept with small limits, as configured{}", log_name_,
                    outage_in_words());
      break;
    case Contact::releasing:
      spdlog::error("{}the BMS is lost: neither charging nor discharging is allowed{}", log_name_, outage_in_words());
      break;
    case Contact::lost: spdlog::error("{}the BMS is lost: the battery is no longer managed", log_name_); break;
    case Contact::returning:
      spdlog::info("{}the BMS answers again, limits rise slowly{}", log_name_, outage_in_words());
      break;
  }
  logged_contact_ = contact;
}

}  // namespace bms::driver

#include "driver/member.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "bms/civil_time.hpp"
#include "bms/words.hpp"
#include "config/fit.hpp"
#include "driver/owner_config.hpp"
#include "driver/shown_items.hpp"
#include "files/footprint.hpp"
#include "line/identity.hpp"
#include "line/thresholds.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto settled_after = 10s;  // consumers have scanned the service by then
// Whoever changes the same again and again wears out no memory.
constexpr auto pause_after_wish = 10s;

/// What is configured for a battery, with what the command line says instead.
config::Settings settings_for(const Surroundings& around, std::initializer_list<std::string_view> names) {
  config::Settings settings = around.config.settings_for(names);
  settings.charge.floats_with_bank = around.config.bank_of(std::span(names.begin(), names.size())) != nullptr;
  if (!around.interval_s) return settings;
  const config::Choice interval{.option = "poll_interval", .value = *around.interval_s};
  return config::with_choices(std::move(settings), {&interval, 1});
}

/// Whether the BMS has a command that sets its SoC.
bool takes_soc(Protocol& protocol) {
  return protocol.command(SetSoc{.soc_pct = 50, .now = civil_time_now()}).has_value();
}

/// Whether what can be switched is on, as far as the BMS says so now.
std::optional<bool> shown(const Battery& battery, const SetFet& command) {
  if (battery.contact != Contact::fresh) return std::nullopt;
  return command.fet == Fet::charge ? battery.reading.charge_fet : battery.reading.discharge_fet;
}
std::optional<bool> shown(const Battery& /*battery*/, const SetBalancer& /*command*/) { return std::nullopt; }

/// What people may tell the BMS.
BmsOrders orders_of(Protocol& protocol, Writes writes) {
  if (writes < Writes::switches) return {};
  const auto has = [&protocol](const Command& command) { return protocol.command(command).has_value(); };
  return {.charge = has(SetFet{Fet::charge, true}),
          .discharge = has(SetFet{Fet::discharge, true}),
          .balancer = has(SetBalancer{true}),
          .soc = takes_soc(protocol)};
}

}  // namespace

Member::Member(const Surroundings& around, std::string name, const line::Candidate& candidate,
               std::unique_ptr<Protocol> protocol, std::vector<std::unique_ptr<Face>> faces)
    : around_(around),
      name_(std::move(name)),
      log_(around_.alone && name_ == around_.port.name ? "" : name_ + ": "),
      family_(*candidate.family),
      variant_(candidate.options.variant),
      mode_note_(family_.has_mode ? around_.places.in_memory : "", name_, line::mode_open),
      unsaved_note_(family_.has_mode ? around_.places.in_memory : "", name_, line::unsaved),
      protocol_(std::move(protocol)),
      settings_(settings_for(around_, {around_.port.name, around_.port.by_address(), name_})),
      session_(around_.line),
      pipeline_(protocol_->bounds(), pipeline_config_of(settings_)),
      poll_cycle_(around_.line, *protocol_, session_, pipeline_, *this),
      orders_([this] { around_.line.wake(); }),
      wished_orders_({.line = around_.line,
                      .orders = orders_,
                      .protocol = *protocol_,
                      .log = log_,
                      .show =
                          [this](LastOrder order) {
                            pipeline_.note_order(std::move(order));
                            publish();
                          },
                      .carried_out = [this](const Command& command) { note_done(command); }}),
      heartbeat_(around_.places.in_memory, name_),
      release_(around_.loop, around_.release_line,
               [this](bool wished) {
                 pipeline_.wish_silence(wished, around_.line.now());
                 publish();
                 await_contact_change();
               }),
      contact_timer_(around_.loop),
      settled_timer_(around_.loop),
      wished_save_(around_.loop, 1, pause_after_wish, [this] { save(files::Lasting::yes); }),
      faces_(std::move(faces)) {
  if (mode_note_.found()) protocol_->leave_mode();
}

asio::awaitable<Result<void>> Member::cycle() {
  pipeline_.hear(external());
  if (auto polled = co_await poll_cycle_.cycle(); !polled) co_return polled;
  mode_note_.set(protocol_->mode_open());
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
  return {around_.port.name, std::string(around_.port.by_address()), name_,
          line::identity_of(pipeline_.battery().device)};
}

config::Settings Member::settings_of(const DeviceInfo& device) const {
  return settings_for(around_, {around_.port.name, around_.port.by_address(), name_, line::identity_of(device)});
}

/// Whether it cannot say who it is better than its place does: an address belongs to one board, whatever it says.
bool Member::known_by_place(const DeviceInfo& device) const { return around_.port.on_air || device.serial.empty(); }

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
  spdlog::info("{}found {}{}, {}, firmware {}, identity {}", log_.prefix(), device.family,
               device.model.empty() ? "" : " " + device.model, counted(pipeline_.battery().cell_count, "cell"),
               device.firmware.empty() ? "unknown" : device.firmware,
               known_by_place(device) ? "none, known by its port " + location() : line::identity_of(device));
  settings_ = settings_of(device);
  const auto id = claim_id(device);
  if (!id) {
    spdlog::error("{}is another driver running on this port?", log_.prefix());
    return around_.give_up();
  }
  pipeline_.adopt(std::move(device), pipeline_config_of(settings_), recall(*id), around_.line.now());
  recall_cells(*id);
  const Introduction who = introduction();
  if (!who.member_as.empty())
    spdlog::info("{}is {} of a bank; its limits go to that, and it is no BMS of its own", log_.prefix(), who.member_as);
  for (const auto& face : faces_) {
    face->meet(*id, who, user_bounds(), *this);
    face->follow(settings_.external_battery);
  }
  open_desk(*id);
  if (const DeviceInfo& found = pipeline_.battery().device; !found.serial.empty())
    twin_watch_.emplace(around_.loop, around_.places.in_memory, found, around_.port, name_, log_.prefix());
  enter_faces();
}

UserBounds Member::user_bounds() const {
  return user_bounds_of(settings_, pipeline_.battery().estimate.sure_capacity_ah);
}

/// From now on people can ask for it.
void Member::open_desk(const std::string& battery_id) {
  if (!around_.desks) return;
  const DeviceInfo& device = pipeline_.battery().device;
  commands_ = std::make_shared<OrderedCommands>(
      OrderedBattery{.loop = around_.loop,
                     .line = around_.line,
                     .orders = orders_,
                     .protocol = *protocol_,
                     .unsaved_note = unsaved_note_,
                     .poll_soon =
                         [this] {
                           poll_soon_ = true;
                           around_.line.wake();
                         },
                     .carried_out = [this](const Command& command) { note_done(command); },
                     .report = [this](const std::string& line, bool changed) { report_order(line, changed); }});
  around_.desks->add(
      std::make_shared<console::Desk>(console::DeskOptions{.board = {.place = name_,
                                                                     .battery = battery_id,
                                                                     .family = std::string(family_.name),
                                                                     .dialect = std::string(variant_.dialect),
                                                                     .model = device.model,
                                                                     .serial = device.serial,
                                                                     .firmware = device.firmware,
                                                                     .name = settings_.name,
                                                                     .baud = variant_.baud,
                                                                     .address = variant_.address,
                                                                     .cells = pipeline_.battery().cell_count,
                                                                     .through_driver = true,
                                                                     .writes = settings_.writes},
                                                           .parameters = family_.parameters(variant_),
                                                           .relations = family_.relations,
                                                           .items =
                                                               [this] {
                                                                 return shown_items(introduction(), pipeline_.battery(),
                                                                                    pipeline_.limits(), user_bounds(),
                                                                                    user_);
                                                               },
                                                           .release = release_wish(),
                                                           .undo_directory = around_.places.lasting},
                                      commands_));
}

/// For the desk; empty: it cannot be left to others.
std::function<void(double minutes, const std::string& who)> Member::release_wish() {
  if (!around_.release_line) return {};
  return [this](double minutes, const std::string& who) { std::ignore = release_line(minutes, who); };
}

void Member::report_order(const std::string& line, bool changed) {
  spdlog::info("{}by hand: {}", log_.prefix(), line);
  if (changed) thresholds_asked_ = false;  // they may be what was changed
}

/// The first of the ids by which it can be known that no other battery has, wherever it is seen.
std::optional<std::string> Member::claim_id(const DeviceInfo& device) {
  for (const std::string& identity :
       {known_by_place(device) ? location() : device.serial, device.serial + "_" + name_}) {
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
                   .may_be_changed = settings_.writes != Writes::no,
                   .bms_takes_soc = takes_soc(*protocol_),
                   .orders = orders_of(*protocol_, settings_.writes)};
  if (around_.link_quality) who.link_quality = [this] { return link_quality(); };
  const std::vector<std::string> all_names = names();
  const std::vector<std::string_view> known_as(all_names.begin(), all_names.end());
  if (const config::Bank* bank = around_.config.bank_of(known_as)) {
    who.member_as = config::member_named(*bank, known_as);
    who.resistance_ohm = [this] { return pipeline_.resistance_ohm(); };
  }
  who.reading_age_s = [this] { return std::chrono::duration<double>(around_.line.now() - read_at_).count(); };
  for (const config::Fault& fault : around_.config.faults()) who.configuration_faults.push_back(fault.text());
  return who;
}

LinkQuality Member::link_quality() const {
  LinkQuality quality = around_.link_quality();
  if (twin_watch_ && !twin_watch_->trouble().empty()) quality.trouble = twin_watch_->trouble();
  return quality;
}

std::optional<Recalled> Member::recall(const std::string& device_id) {
  memory_.emplace(battery_file(around_.places.lasting, device_id), battery_file(around_.places.in_memory, device_id));
  const auto recalled = memory_->recall(std::chrono::system_clock::now());
  if (!memory_->problem().empty()) spdlog::error("{}{}", log_.prefix(), memory_->problem());
  if (!recalled) {
    spdlog::info("{}nothing is remembered of this battery", log_.prefix());
  } else if (recalled->down_s) {
    spdlog::info("{}going on from what was saved {:.0f} s ago", log_.prefix(), *recalled->down_s);
  } else {
    spdlog::info("{}going on from what was saved, nobody knows when", log_.prefix());
  }
  return recalled;
}

void Member::recall_cells(const std::string& device_id) {
  cell_memory_.emplace(cells_file(around_.places.lasting, device_id), cells_file(around_.places.in_memory, device_id),
                       name_);
  auto recalled = cell_memory_->recall(std::chrono::system_clock::now());
  if (!cell_memory_->problem().empty())
    spdlog::error("{}{}; cells are watched anew", log_.prefix(), cell_memory_->problem());
  if (recalled) pipeline_.recall_cells(std::move(recalled->record), recalled->down_s);
}

asio::awaitable<void> Member::learn_thresholds() {
  const Thresholds found = co_await line::read_thresholds(session_, *protocol_, family_.thresholds);
  around_.pulse.beat();
  if (!found.cell_over_voltage_v && !found.cell_under_voltage_v) co_return;
  const auto in_words = [](std::optional<double> voltage_v) {
    return voltage_v ? fmt::format("{:.3f} V", *voltage_v) : std::string("unknown");
  };
  spdlog::info("{}the BMS ends charging at {} per cell, discharging at {}", log_.prefix(),
               in_words(found.cell_over_voltage_v), in_words(found.cell_under_voltage_v));
  pipeline_.learn_thresholds(found);
}

asio::awaitable<bool> Member::still_the_same() {
  if (known_by_place(pipeline_.battery().device)) co_return true;
  const std::string serial_before = pipeline_.battery().device.serial;
  const DeviceInfo device = co_await identify();
  if (device.serial.empty() || device.serial == serial_before) co_return true;
  spdlog::error("another BMS is on {} now: serial {}, was {}; starting anew", name_, device.serial, serial_before);
  co_return false;
}

void Member::end() {
  if (commands_) commands_->end();
  orders_.end();
  save(files::Lasting::yes);
  save_cells(files::Lasting::yes);
}

void Member::change_settings(const UserSettings& user) {
  user_ = user;
  for (const auto& face : faces_) face->show_settings(user);
  pipeline_.configure(pipeline_config_of(settings_, user_), around_.line.now());
  if (pipeline_.battery().measurements_valid()) log_.decided(pipeline_.outcome());
  publish();
}

bool Member::set_soc(double soc_pct, std::string_view by) {
  switch (pipeline_.soc_source()) {
    case battery::SocSource::external:
      spdlog::warn("{}SoC cannot be set: it is that of {}", log_.prefix(), settings_.external_battery);
      return false;
    case battery::SocSource::bms:
      return wished_orders_.give(SetSoc{.soc_pct = soc_pct, .now = civil_time_now()}, by,
                                 "; with soc_source = own it can");
    default: break;
  }
  spdlog::info("{}SoC is set to {:.1f} % by hand ({})", log_.prefix(), soc_pct, by);
  pipeline_.set_soc(soc_pct);
  wished_save_.ask();
  publish();
  return true;
}

bool Member::switch_over(const BmsSwitch& command, std::string_view by) {
  if (settings_.writes < Writes::switches) {
    spdlog::warn("{}nothing is switched ({}): `writes = {}` does not permit it", log_.prefix(), by,
                 name_of(settings_.writes));
    return false;
  }
  const auto order = [&](const auto& one) {
    // Whoever writes back what is shown must not turn a protection, which opens the same FET, into a lock.
    if (shown(pipeline_.battery(), one) == one.on && !wished_orders_.waits(one)) return wished_orders_.leave(one, by);
    return wished_orders_.give(one, by);
  };
  return std::visit(order, command);
}

bool Member::release_line(double minutes, std::string_view by) {
  const bool before = release_.given();
  const bool done = release_.give(minutes);
  if (done && minutes > 0) {
    spdlog::info("{}the board is left to a phone for {:.3g} min ({}): the battery will count as lost meanwhile",
                 log_.prefix(), minutes, by);
  } else if (done && before) {
    spdlog::info("{}the board is taken back ({})", log_.prefix(), by);
  } else if (!done) {
    spdlog::warn("{}the board cannot be left to a phone ({}): it is read by cable", log_.prefix(), by);
  }
  return done;
}

/// The BMS has done what it was told.
void Member::note_done(const Command& command) {
  if (std::holds_alternative<SetSoc>(command)) pipeline_.soc_was_ordered();
  if (const auto* balancer = std::get_if<SetBalancer>(&command)) pipeline_.note_balancer(balancer->on);
}

std::optional<TimePoint> Member::order_due() const { return poll_soon_ ? TimePoint::min() : orders_.due(); }

asio::awaitable<Result<void>> Member::obey() {
  poll_soon_ = false;
  // Whatever ends the program from here on: whoever comes next knows.
  mode_note_.set(family_.has_mode);
  auto obeyed = co_await orders_.carry_out_next(session_, around_.line.now());
  mode_note_.set(protocol_->mode_open());
  around_.pulse.beat();
  co_return obeyed;
}

void Member::clear_history(int group) {
  pipeline_.clear_history(static_cast<battery::HistoryGroup>(group));
  wished_save_.ask();
}

/// Where there is nothing to acknowledge nothing is written either, however often somebody asks.
void Member::acknowledge_alerts() {
  if (pipeline_.cells().alerts.unacknowledged() == 0) return;
  pipeline_.acknowledge_alerts();
  publish();
  save_cells(files::Lasting::no);
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
  files::give_back_startup_memory();
  settled_timer_.after(settled_after, files::give_back_startup_memory);
}

void Member::publish() {
  log_.follow(pipeline_.battery(), session_.unanswered());
  for (const auto& face : faces_) face->publish(pipeline_.battery(), pipeline_.limits());
}

void Member::on_reading() {
  read_at_ = around_.line.now();
  heartbeat_.beat(read_at_);
  if (pipeline_.battery().contact == Contact::fresh) release_.is_back();
  log_.reading(pipeline_.battery(), pipeline_.outcome());
  for (const auto& face : faces_) face->set_bounds(user_bounds());
  enter_faces();
  publish();
  log_.reading_shown();
  orders_.open();
  orders_.expire(read_at_);
  save_if_due();
  await_contact_change();
}

void Member::on_fault(const Error& why) {
  log_.fault(why, around_.line.now());
  orders_.expire(around_.line.now());
}

void Member::save_if_due() {
  if (!memory_) return;
  const auto& errors = pipeline_.battery().history.last_errors;
  const bool new_error = errors != saved_errors_;
  saved_errors_ = errors;
  const auto due = save_schedule_.due(pipeline_.battery().estimate.soc_pct,
                                      pipeline_.outcome().transition.has_value() || new_error, around_.line.now());
  if (due) save(*due);
  if (const auto cells_due = cell_memory_->due(around_.line.now())) save_cells(*cells_due);
}

void Member::save(files::Lasting lasting) {
  if (!memory_) return;
  note_saved(memory_->save(pipeline_.remembered(), lasting, std::chrono::system_clock::now()), lasting, save_failed_);
}

void Member::save_cells(files::Lasting lasting) {
  if (!cell_memory_) return;
  note_saved(cell_memory_->save(pipeline_.cells(), lasting, std::chrono::system_clock::now()), lasting,
             cell_save_failed_);
}

/// Says it once when it begins to fail.
void Member::note_saved(bool saved, files::Lasting lasting, bool& failed) {
  if (!saved && !failed)
    spdlog::error("{}what is known of the battery cannot be saved in {}; is it there, and writable? See --state-dir",
                  log_.prefix(), lasting == files::Lasting::yes ? around_.places.lasting : around_.places.in_memory);
  failed = !saved;
}

void Member::await_contact_change() {
  // The timer is not moved with every reading: it fires once in a while, finds contact fresh, and looks further.
  const TimePoint now = around_.line.now();
  const auto due = pipeline_.next_change(now);
  if (!due || (contact_timer_.waits() && contact_due_ <= *due)) return;
  contact_due_ = *due;
  contact_timer_.after(*due - now, [this] {
    pipeline_.time_passes(around_.line.now());
    if (!pipeline_.battery().measurements_valid()) {
      pipeline_.note_balancer(std::nullopt);  // whatever comes back may have been without power
      orders_.close({.kind = ErrorKind::silent, .message = "the BMS does not answer", .status = {}});
    }
    publish();
    await_contact_change();
  });
}

}  // namespace bms::driver

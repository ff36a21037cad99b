// One bank on D-Bus: its packs, the battery that they are, its face and its memory.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/face.hpp"
#include "bms/timer.hpp"
#include "bus/remote_item.hpp"
#include "config/config.hpp"
#include "driver/alarm_log.hpp"
#include "driver/bank_battery.hpp"
#include "driver/bank_packs.hpp"
#include "driver/notice_log.hpp"
#include "driver/save_schedule.hpp"
#include "driver/watchdog.hpp"
#include "files/heartbeat.hpp"
#include "venus/bus_face.hpp"

namespace bms::driver {

/// What banks of one process share; all of it outlives them.
struct BankSurroundings {
  boost::asio::io_context& loop;
  const config::Config& config;
  Watchdog& watchdog;
  std::string state_directory, run_directory;
  std::function<void()> give_up;  ///< a bank cannot go on, as the log says
};

class BankOnBus final : private Wishes {
 public:
  /// Throws sdbus::Error when there is no bus.
  BankOnBus(const BankSurroundings& around, const config::Bank& bank);
  BankOnBus(const BankOnBus&) = delete;
  BankOnBus& operator=(const BankOnBus&) = delete;
  ~BankOnBus() override = default;

  /// From now on it follows its packs. False: another process has this bank.
  [[nodiscard]] bool begin();

  /// Saves what is to be remembered.
  void end() { save(files::Lasting::yes); }

 private:
  void tick();
  void look(TimePoint now);
  void show();
  void say();
  void save_if_due(TimePoint now);
  void save(files::Lasting lasting);
  [[nodiscard]] Introduction introduction() const;
  [[nodiscard]] UserBounds bounds() const;
  [[nodiscard]] std::optional<bank::Shunt> shunt(TimePoint now);

  void change_settings(const UserSettings& user) override;
  [[nodiscard]] bool set_soc(double soc_pct, std::string_view by) override;
  [[nodiscard]] bool switch_over(const BmsSwitch& command, std::string_view by) override;
  void clear_history(int group) override;
  void acknowledge_alerts() override {}
  void face_is_ready() override {}

  const BankSurroundings& around_;
  const config::Bank& bank_;
  std::string place_;   ///< its name as far as a name on the bus can have it
  std::string prefix_;  ///< of its lines in the log
  config::Settings settings_;
  UserSettings user_;
  BankBattery battery_;
  Pulse pulse_;
  files::Heartbeat heartbeat_;
  std::optional<BatteryMemory> memory_;
  SaveSchedule save_schedule_;
  bool save_failed_ = false;
  venus::BusFace face_;
  std::optional<bus::RemoteItem> shunt_current_, shunt_voltage_;
  std::optional<BankPacks> packs_;
  Timer timer_;
  TimePoint next_tick_{};
  std::optional<TimePoint> looked_at_, judged_at_, shunt_changed_at_;
  AlarmLog alarm_log_;
  NoticeLog notice_log_;
  std::vector<bank::Standing> logged_;  ///< of each pack
  Contact logged_contact_ = Contact::never;
  bool entered_ = false;
};

}  // namespace bms::driver

// One bank: its packs, the battery that they are, its faces and its memory.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/face.hpp"
#include "bms/timer.hpp"
#include "bus/bus_connection.hpp"
#include "config/config.hpp"
#include "driver/alarm_log.hpp"
#include "driver/bank_battery.hpp"
#include "driver/bank_memory.hpp"
#include "driver/bank_packs.hpp"
#include "driver/bank_shunt.hpp"
#include "driver/battery_memory.hpp"
#include "driver/notice_log.hpp"
#include "driver/save_schedule.hpp"
#include "driver/watchdog.hpp"
#include "files/heartbeat.hpp"

namespace bms::driver {

/// What banks of one process share; all of it outlives them.
struct BankSurroundings {
  boost::asio::io_context& loop;
  bus::BusConnection& bus;  ///< where the packs are
  const config::Config& config;
  Watchdog& watchdog;
  std::string state_directory, run_directory;
};

class ServedBank final : private Wishes {
 public:
  ServedBank(const BankSurroundings& around, const config::Bank& bank, std::vector<std::unique_ptr<Face>> faces);
  ServedBank(const ServedBank&) = delete;
  ServedBank& operator=(const ServedBank&) = delete;
  ~ServedBank() override = default;

  /// From now on it follows its packs. False: another process has this bank, as the log says.
  [[nodiscard]] bool begin();

  /// Saves what is to be remembered.
  void end() { save(files::Lasting::yes); }

  [[nodiscard]] const std::string& name() const { return bank_.name; }

 private:
  void recall(const std::string& id);
  void tick();
  void look(TimePoint now);
  void enter_faces();
  void publish();
  void say();
  void save_if_due(TimePoint now);
  void save(files::Lasting lasting);
  [[nodiscard]] External external() const;
  [[nodiscard]] Introduction introduction() const;
  [[nodiscard]] UserBounds bounds() const;
  [[nodiscard]] bool is_last_one(const std::string& pack) const;

  void change_settings(const UserSettings& user) override;
  [[nodiscard]] bool set_soc(double soc_pct, std::string_view by) override;
  [[nodiscard]] bool switch_over(const BmsSwitch& command, std::string_view by) override;
  [[nodiscard]] bool exclude_pack(std::size_t pack, bool excluded, std::string_view by) override;
  void clear_history(int group) override;
  void acknowledge_alerts() override;
  void face_is_ready() override { enter_faces(); }

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
  BankMemory note_file_;
  BankNote note_;
  SaveSchedule save_schedule_;
  bool save_failed_ = false;
  std::optional<BankPacks> packs_;
  std::optional<BankShunt> shunt_;
  Timer timer_;
  TimePoint next_tick_{};
  std::optional<TimePoint> looked_at_, judged_at_;
  AlarmLog alarm_log_;
  NoticeLog notice_log_;
  std::vector<bank::Standing> logged_;  ///< of each pack
  Contact logged_contact_ = Contact::never;
  bool entered_ = false;
  std::vector<std::unique_ptr<Face>> faces_;  ///< last, since they call back
};

}  // namespace bms::driver

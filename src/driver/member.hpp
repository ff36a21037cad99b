// One battery on a line: its protocol, its readings, its limits, its memory, and its faces. Most lines have one; an
// RS485 line can have several.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/face.hpp"
#include "bms/link_quality.hpp"
#include "bms/paced.hpp"
#include "bms/timer.hpp"
#include "config/config.hpp"
#include "driver/battery_log.hpp"
#include "driver/battery_memory.hpp"
#include "driver/cell_memory.hpp"
#include "driver/desks.hpp"
#include "driver/line_release.hpp"
#include "driver/ordered_commands.hpp"
#include "driver/orders.hpp"
#include "driver/poll_cycle.hpp"
#include "driver/save_schedule.hpp"
#include "driver/twin_watch.hpp"
#include "driver/watchdog.hpp"
#include "driver/wished_orders.hpp"
#include "files/heartbeat.hpp"
#include "line/board_note.hpp"
#include "line/detection.hpp"
#include "link/port.hpp"
#include "link/tap.hpp"

namespace bms::driver {

/// Where memories are kept; see BatteryMemory.
struct MemoryPlaces {
  std::string lasting, in_memory;
};

/// What all batteries on one line share.
struct Surroundings {
  boost::asio::io_context& loop;
  link::Link& line;
  const link::Port& port;
  const config::Config& config;
  const MemoryPlaces& places;
  Pulse& pulse;
  bool alone = true;                   ///< the only line of the process: its log lines need not say where they are from
  std::function<void()> give_up;       ///< a battery of the line cannot be served here, as the log says
  std::optional<double> interval_s{};  ///< overrides the configured poll_interval
  std::shared_ptr<Desks> desks{};      ///< where its batteries can be asked by hand; may be empty
  std::shared_ptr<link::Tap> tap{};    ///< where others hear what passes over the line; may be empty
  std::function<LinkQuality()> link_quality{};  ///< of a line that comes and goes; empty: it is no such line
  std::function<void(Clock::duration time)> release_line{};  ///< leaves it to others for so long; likewise
};

/// One battery.
class Member final : public Polled, private PollObserver, private Wishes {
 public:
  /// `name` is what it is called by its faces and in the configuration: the port's name, with an address on a line that
  /// has several. `protocol` talks to the board that `candidate` says. It has no other way to be seen than `faces`.
  Member(const Surroundings& around, std::string name, const line::Candidate& candidate,
         std::unique_ptr<Protocol> protocol, std::vector<std::unique_ptr<Face>> faces);

  /// One poll cycle. After the first reading the board is asked who it is, and the faces meet the battery.
  boost::asio::awaitable<Result<void>> cycle() override;
  [[nodiscard]] int failed_cycles() const override { return poll_cycle_.failed_cycles(); }
  [[nodiscard]] std::optional<TimePoint> order_due() const override;
  boost::asio::awaitable<Result<void>> obey() override;

  /// The line is gone: orders that wait are answered, and none is taken before the next reading.
  void lose_line(const Error& why) { orders_.close(why); }

  /// Whether it has ever answered.
  [[nodiscard]] bool known() const { return pipeline_.battery().contact != Contact::never; }

  /// Why the newest poll brought nothing; empty: it brought a reading.
  [[nodiscard]] const std::optional<Error>& last_fault() const { return log_.last_fault(); }

  /// Whether the board is still the one it was, after the line was gone. Logs it if not.
  boost::asio::awaitable<bool> still_the_same();

  /// Answers all orders, and saves what is to be remembered; to be called before the program ends.
  void end();

  [[nodiscard]] const config::Settings& settings() const { return settings_; }

  /// The names by which a section of the configuration can mean it: port, place on the line, identity once known.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  // Who it is.
  boost::asio::awaitable<DeviceInfo> identify();
  void adopt(DeviceInfo device);
  [[nodiscard]] std::optional<std::string> claim_id(const DeviceInfo& device);
  [[nodiscard]] Introduction introduction() const;
  boost::asio::awaitable<void> learn_thresholds();
  [[nodiscard]] bool known_by_place(const DeviceInfo& device) const;
  [[nodiscard]] std::string location() const;
  [[nodiscard]] std::string bank() const;
  [[nodiscard]] config::Settings settings_of(const DeviceInfo& device) const;
  [[nodiscard]] std::optional<Recalled> recall(const std::string& device_id);
  void recall_cells(const std::string& device_id);
  [[nodiscard]] LinkQuality link_quality() const;

  // What people want of it.
  void change_settings(const UserSettings& user) override;
  [[nodiscard]] bool set_soc(double soc_pct, std::string_view by) override;
  void clear_history(int group) override;
  void acknowledge_alerts() override;
  void face_is_ready() override { enter_faces(); }
  [[nodiscard]] bool switch_over(const BmsSwitch& command, std::string_view by) override;
  [[nodiscard]] bool release_line(double minutes, std::string_view by) override;
  void note_done(const Command& command);

  void open_desk(const std::string& battery_id);
  [[nodiscard]] std::function<void(double minutes, const std::string& who)> release_wish();
  [[nodiscard]] UserBounds user_bounds() const;
  void report_order(const std::string& line, bool changed);

  // What it reports.
  [[nodiscard]] External external() const;
  void enter_faces();
  void publish();
  void save_if_due();
  void save(files::Lasting lasting);
  void save_cells(files::Lasting lasting);
  void note_saved(bool saved, files::Lasting lasting, bool& failed);
  void await_contact_change();

  void on_reading() override;
  void on_fault(const Error& why) override;
  void on_poll_end() override { around_.pulse.beat(); }

  Surroundings around_;
  std::string name_;
  BatteryLog log_;
  const Family& family_;
  const Variant variant_;
  line::BoardNote mode_note_, unsaved_note_;
  std::unique_ptr<Protocol> protocol_;
  config::Settings settings_;
  UserSettings user_;
  line::Session session_;
  Pipeline pipeline_;
  PollCycle poll_cycle_;
  std::optional<BatteryMemory> memory_;    ///< from when it is known which battery this is
  std::optional<CellMemory> cell_memory_;  ///< likewise
  SaveSchedule save_schedule_;
  Orders orders_;
  WishedOrders wished_orders_;
  std::shared_ptr<OrderedCommands> commands_;  ///< of the desk, from when it is known which battery this is
  bool poll_soon_ = false;
  TimePoint read_at_{};         ///< the newest reading
  files::Heartbeat heartbeat_;  ///< the same, for other programs, in a file
  bool save_failed_ = false, cell_save_failed_ = false;
  decltype(History::last_errors) saved_errors_{};
  bool adopted_ = false;
  bool thresholds_asked_ = false;

  LineRelease release_;
  std::optional<TwinWatch> twin_watch_;  ///< of a board that has a number
  Timer contact_timer_, settled_timer_;
  TimePoint contact_due_{};                   ///< when contact changes next, by the clock of the line
  Paced wished_save_;                         ///< of what people have changed
  std::vector<std::unique_ptr<Face>> faces_;  ///< last, since they call back
};

}  // namespace bms::driver

// One bank: what its packs are together, as a battery with faces of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bank/bank.hpp"
#include "bms/face.hpp"
#include "bms/low_pass.hpp"
#include "config/config.hpp"
#include "driver/bank_packs.hpp"
#include "files/heartbeat.hpp"

namespace bms::driver {

/// What all banks of a process share.
struct BankSurroundings {
  BankPacks& packs;
  const config::Config& config;
  const std::string& state_directory;
  const std::string& run_directory;
};

class ServedBank final : private Wishes {
 public:
  using Clock = BankPacks::Clock;

  /// `section` can be a bank (config::BankSection::usable).
  ServedBank(const BankSurroundings& around, const config::BankSection& section,
             std::vector<std::unique_ptr<Face>> faces);

  /// A second has passed: looks at the packs and shows what they are.
  void tick(Clock::time_point now);

 private:
  // What people want of it.
  void change_settings(const UserSettings& user) override;
  [[nodiscard]] bool set_soc(double /*soc_pct*/, std::string_view /*by*/) override { return false; }
  [[nodiscard]] bool switch_over(const BmsSwitch& /*command*/, std::string_view /*by*/) override { return false; }
  [[nodiscard]] bool exclude_pack(std::size_t pack, bool excluded) override;
  void clear_history(int /*group*/) override {}
  void acknowledge_alerts() override {}
  void face_is_ready() override { enter_faces(); }

  void configure();
  [[nodiscard]] UserBounds bounds() const;
  void enter_faces();
  void publish();

  // What it is now.
  [[nodiscard]] std::vector<bank::Member> look(Clock::time_point now);
  [[nodiscard]] std::optional<bank::Shunt> look_at_shunt(Clock::time_point now);
  void fill_packs();
  void estimate(double dt_s);
  void say_news(const std::vector<bank::Member>& members);

  BankSurroundings around_;
  config::BankSection section_;
  config::Settings settings_;  ///< those of [default], with the limits of the bank
  UserSettings user_;
  bank::Config config_;
  bank::State state_;
  bank::Outcome outcome_;
  std::set<std::string> excluded_;
  std::string memory_;                     ///< the file of those
  std::vector<bank::Standing> standings_;  ///< as the log has said them
  std::set<std::string> own_limits_said_;  ///< of packs that publish limits of their own
  LowPass current_a_;
  std::optional<Clock::time_point> looked_at_;
  Clock::time_point true_at_{};  ///< the packs were heard then
  files::Heartbeat heartbeat_;
  std::vector<std::unique_ptr<Face>> faces_;  ///< last, since they call back
};

/// What its service is called behind com.victronenergy.battery: "bank_House".
[[nodiscard]] std::string place_of_bank(const std::string& name);

}  // namespace bms::driver

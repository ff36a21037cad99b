// Keeps what an owner has changed where there is no localsettings: in a small file for each battery. It is a face that
// nobody sees, since what it needs is what faces are told and may wish for.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "bms/face.hpp"
#include "bms/paced.hpp"
#include "files/descriptor.hpp"

namespace bms::driver {

class SettingsKeeper final : public Face {
 public:
  /// `lasting`: the directory of the file; empty: nothing is kept. `in_memory`: where batteries are claimed; empty:
  /// they are not.
  SettingsKeeper(boost::asio::io_context& loop, std::string lasting, std::string in_memory);
  ~SettingsKeeper() override;

  /// False: another driver of this machine has a battery of this id.
  [[nodiscard]] bool claim(const std::string& battery_id) override;

  /// Has what was kept brought into force, bounded by what is configured today. A file that cannot be used is moved
  /// aside, as the log says.
  void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) override;
  void set_bounds(const UserBounds& bounds) override;
  void show_settings(const UserSettings& user) override;
  void follow(const std::string& other) override;

  bool enter(const Battery& /*battery*/, const Limits& /*limits*/) override { return false; }
  void publish(const Battery& /*battery*/, const Limits& /*limits*/) override {}

 private:
  void save();

  std::string lasting_, in_memory_;
  std::string battery_;
  std::string file_;  ///< empty: there is none
  files::Descriptor claim_{-1};
  std::string claimed_;
  UserBounds bounds_;
  Wishes* wishes_ = nullptr;
  UserSettings kept_;  ///< as the owner wanted it, even if less is allowed today
  bool unsaved_ = false, save_failed_ = false;
  Paced saving_;
};

/// What a file of settings holds; `problem` says in words why it cannot be used, empty: it can, or there is none.
[[nodiscard]] UserSettings read_settings(const std::string& file, std::string& problem);

/// The text of such a file.
[[nodiscard]] std::string written(const UserSettings& user);

}  // namespace bms::driver

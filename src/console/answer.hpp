// What came of a request.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "bms/writes.hpp"
#include "console/battery_names.hpp"

namespace bms::console {

/// What a parameter holds: a number in its unit, or a text.
using Value = std::variant<double, std::string>;

/// What became of one parameter or switch.
struct Outcome {
  std::string name;
  std::optional<Value> before{};  ///< what it held before
  std::optional<Value> wanted{};  ///< what it is to hold
  std::optional<Value> after{};   ///< what it holds now: as read, or as read back after writing
  std::optional<Error> error{};   ///< why it was not done
  std::string note{};             ///< what the owner should know about it, from the board

  [[nodiscard]] bool ok() const { return !error.has_value(); }
};

/// Who answers.
struct BoardFacts {
  std::string place{};    ///< "ttyUSB0", with an address where several share the line
  std::string battery{};  ///< by what it is known: "jbd_1234567890"
  std::string family{};   ///< as in bms::Family::name: "jbd"
  std::string dialect{};  ///< as in bms::Variant
  std::string model{}, serial{}, firmware{};
  std::string name{};                  ///< what its owner calls it in the configuration; may be empty
  unsigned baud = 0;                   ///< 0: the line has no speed
  unsigned address = 0;                ///< on the line; 0: none is needed
  std::size_t cells = 0;               ///< 0: not known
  bool through_driver = false;         ///< through the running driver; else the port was opened for this
  Writes writes = Writes::parameters;  ///< what may be changed
  bool unsaved = false;                ///< it may hold values that it loses with its power
};

/// A value as the battery shows it elsewhere.
struct ShownItem {
  std::string path;                 ///< "/Dc/0/Voltage"
  std::optional<Value> value{};     ///< empty: not known
  std::optional<double> initial{};  ///< of a setting: as long as nobody has changed it
};

struct Answer {
  std::optional<Error> refused{};  ///< why nothing at all was done; results may say more
  BoardFacts board{};
  std::vector<BatteryNames> batteries{};  ///< those that there are, where none or several of them were meant
  std::vector<Outcome> results{};         ///< in the order of the request
  std::vector<std::string> warnings{};    ///< what speaks against it, or should be known before it is done
  std::vector<ShownItem> items{};         ///< where the battery was to be seen
  ParameterList parameters{};             ///< of the board, where they were asked for; no way hands them on
  std::string undo_file{};                ///< where is kept what was there before

  /// Whether everything was done.
  [[nodiscard]] bool ok() const;
};

/// By which names the battery of a board can be meant.
[[nodiscard]] BatteryNames names_of(const BoardFacts& board);

/// How far a request is.
struct Progress {
  std::size_t done = 0, all = 0;
};

/// Numbers are numbers, texts are texts; errors are {"kind", "message", "status"}. The board is left out where nobody
/// is known; of what was refused as a whole no outcome is ok.
[[nodiscard]] nlohmann::ordered_json to_json(const Answer& answer);
[[nodiscard]] nlohmann::ordered_json to_json(const Outcome& outcome);

/// Reads what to_json() has written. Errors: ErrorKind::rejected.
[[nodiscard]] Result<Answer> answer_from(const nlohmann::ordered_json& json);

}  // namespace bms::console

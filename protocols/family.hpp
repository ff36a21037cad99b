// What a BMS family is to the rest of the program. Each family defines one in its own folder: jbd/jbd.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "anatomy.hpp"
#include "bms/parameter.hpp"
#include "bms/protocol.hpp"
#include "bms/variant.hpp"
#include "document.hpp"
#include "on_air.hpp"

namespace bms {

struct Recording;

/// Parameters by which the BMS opens its FETs, as ReadParameter names them; empty: they cannot be read by asking alone,
/// without a mode or a login.
struct ThresholdNames {
  std::string_view cell_over_voltage, cell_under_voltage;
};

/// What an owner must know before he writes, in his words.
struct Advice {
  enum class Before : std::uint8_t { any_setting, setting, state_of_charge };
  Before before;
  std::string_view parameter;  ///< which one, for `setting`
  std::string_view words;      ///< one or two sentences
};

struct Family {
  std::string_view name;   ///< as on the command line and in the configuration: "jbd"
  std::string_view title;  ///< as people write it: "JBD"
  std::span<const Variant> variants;
  /// Its boards talk by themselves and cannot be asked.
  bool talks;
  /// Addresses that boards of this family can have; 0 and 0 when it has none.
  unsigned first_address, last_address;
  std::unique_ptr<Protocol> (*make)(const BoardOptions& options);
  /// Says what recorded bytes mean, in SI units by name, or {"error": kind, "message": ...}.
  nlohmann::ordered_json (*explain)(const Recording& recording);
  /// The tables of docs/<name>.md, without those of the parameters.
  std::vector<DocumentTable> (*document)();
  /// What can be read from boards of a variant, and set on them; empty where nothing can. The list is the caller's, the
  /// parameters are constants. A board may lack some of them, as firmware and model differ; then it says so when asked.
  ParameterList (*parameters)(const Variant& variant);
  /// What must hold between parameters of a variant; names that a variant does not have mean nothing there.
  std::span<const Relation> relations{};
  /// Its boards have a mode for parameters that they must be taken out of again; see Protocol::mode_open.
  bool has_mode = false;
  ThresholdNames thresholds{};
  bool model_is_hardware = false;  ///< what its boards report as their model is the version of their hardware
  std::span<const Advice> advice{};
  Anatomy anatomy{};  ///< what each byte of a frame is for
  OnAir on_air{};     ///< how its boards look by Bluetooth
};

}  // namespace bms

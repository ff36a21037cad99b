// ANT boards, of either protocol: those up to about 2020 and the newer ones share a plug and nothing else.
#pragma once

#include <memory>
#include <vector>

#include "ant/ant_anatomy.hpp"
#include "ant/ant_board.hpp"
#include "ant/ant_explain.hpp"
#include "ant/ant_on_air.hpp"
#include "ant/ant_poll.hpp"
#include "ant/ant_relations.hpp"
#include "document.hpp"
#include "family.hpp"

namespace bms::ant {

/// One board of the new protocol on one line: 19200 baud 8N1.
class NewAnt final : public Protocol {
 public:
  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  NewBoard board_;
  NewPoll poll_{board_};
};

/// One board of the old protocol on one line: 19200 baud 8N1 on the serial plug, 9600 behind some adapters.
class OldAnt final : public Protocol {
 public:
  /// `probes_fitted`: how many battery probes there are; 0: found out.
  explicit OldAnt(std::size_t probes_fitted) : board_(probes_fitted) {}

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  OldBoard board_;
  OldPoll poll_{board_};
};

/// The protocol by the dialect of the options, "old" or "new".
[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options = {});

[[nodiscard]] ParameterList parameters_of(const Variant& variant);

// Boards of 2021 answer the old requests, too, but less well: the new protocol is tried first.
inline constexpr Variant variants[] = {{.dialect = "new", .baud = 19200, .address = 0},
                                       {.dialect = "old", .baud = 19200, .address = 0}};

inline constexpr std::string_view dialects_on_air[] = {"new", "old"};

/// The tables of docs/ant.md.
[[nodiscard]] std::vector<DocumentTable> document();

inline constexpr Advice advice[] = {
    {Advice::Before::any_setting, "",
     "If the board wants a password, the one from the factory is sent, once; with another one it can only be read."}};

inline constexpr Family family{.name = "ant",
                               .title = "ANT",
                               .variants = variants,
                               .talks = false,
                               .first_address = 0,
                               .last_address = 0,
                               .make = make,
                               .explain = explain,
                               .document = document,
                               .parameters = parameters_of,
                               .relations = relations,
                               .thresholds = {"cell_overvoltage", "cell_undervoltage"},
                               .model_is_hardware = true,
                               .advice = advice,
                               .anatomy = anatomy,
                               .on_air = {.layouts = gatt_layouts, .names = names_on_air, .dialects = dialects_on_air}};

}  // namespace bms::ant

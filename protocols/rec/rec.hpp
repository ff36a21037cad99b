// REC: the 1Q and Q family, master and slave systems, and the ACTIVE BMS 4S ("ABMS"), over RS-485.
#pragma once

#include <memory>
#include <vector>

#include "document.hpp"
#include "family.hpp"
#include "rec/rec_anatomy.hpp"
#include "rec/rec_board.hpp"
#include "rec/rec_explain.hpp"
#include "rec/rec_poll.hpp"
#include "rec/rec_relations.hpp"

namespace bms::rec {

/// One REC unit, or the system that a master unit speaks for, behind one address of a half-duplex line.
class Rec final : public Protocol {
 public:
  explicit Rec(const BoardOptions& options) : board_(options) {}

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  void add_extras(std::vector<Extra>& to) const override { add_extras_of(board_, to); }
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  Board board_;
  Poll poll_{board_};
};

[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options);

/// All instructions. Which of them a unit knows depends on its model, which is seen when it is asked.
[[nodiscard]] ParameterList parameters_of(const Variant& variant);

/// Most units speak at 56000 baud, the ACTIVE BMS 4S of today at 115200, and 38400 is made on request
/// (ofernander/signalk-rec-bms; JohnVidler/REC-BMS-Control; aaronsb/REC-BMSManager). As delivered a 1Q has address 1
/// and an ABMS 2; a master unit has 16.
inline constexpr Variant variants[] = {
    {.dialect = "", .baud = 56000, .address = 1},  {.dialect = "", .baud = 56000, .address = 2},
    {.dialect = "", .baud = 56000, .address = 16}, {.dialect = "", .baud = 115200, .address = 1},
    {.dialect = "", .baud = 115200, .address = 2}, {.dialect = "", .baud = 115200, .address = 16},
    {.dialect = "", .baud = 38400, .address = 1},  {.dialect = "", .baud = 38400, .address = 2},
    {.dialect = "", .baud = 38400, .address = 16}};

/// The tables of docs/rec.md.
[[nodiscard]] std::vector<DocumentTable> document();

inline constexpr Advice advice[] = {
    {Advice::Before::any_setting, "", "The memory of the unit wears out: set what is needed, and not again and again."},
    {Advice::Before::setting, "CHEM",
     "CHEM changes the algorithm of the unit, and may reset thresholds: make a backup before it, and compare after "
     "it."},
    {Advice::Before::setting, "SOCS", "SOCS is the state of charge that the unit counts from."}};

inline constexpr Family family{.name = "rec",
                               .title = "REC",
                               .variants = variants,
                               .talks = false,
                               .first_address = 1,
                               .last_address = 16,
                               .make = make,
                               .explain = explain,
                               .document = document,
                               .parameters = parameters_of,
                               .relations = relations,
                               .thresholds = {"CMAX", "CMIN"},
                               .advice = advice,
                               .anatomy = anatomy};

}  // namespace bms::rec

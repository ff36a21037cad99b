// JBD, also sold as LLT Power, Overkill Solar, Xiaoxiang and under many other names.
#pragma once

#include <memory>
#include <vector>

#include "document.hpp"
#include "family.hpp"
#include "jbd/jbd_anatomy.hpp"
#include "jbd/jbd_board.hpp"
#include "jbd/jbd_explain.hpp"
#include "jbd/jbd_module.hpp"
#include "jbd/jbd_on_air.hpp"
#include "jbd/jbd_poll.hpp"
#include "jbd/jbd_relations.hpp"

namespace bms::jbd {

/// One JBD board at 9600 baud 8N1, half-duplex: alone on its port, or with others that have addresses.
class Jbd final : public Protocol {
 public:
  /// `expected`: a board that was spoken to in this way before is not asked whether it knows a better one.
  explicit Jbd(BoardAddress address = {}, bool expected = false);

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] bool mode_open() const override;
  void leave_mode() override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  bool expected_;
  Board board_;
  Poll poll_{board_};
};

/// Makes the protocol of the variant's dialect; an unknown one is the plain one.
[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options = {});

/// Those of the UP series are only read; of a board that is spoken to by its address none are known.
[[nodiscard]] ParameterList parameters_of(const Variant& variant);

namespace dialects {
inline constexpr std::string_view plain{};                  ///< most boards; one on a line
inline constexpr std::string_view up = "up";                ///< the UP series in its own protocol
inline constexpr std::string_view addressed = "addressed";  ///< the plain protocol with an address in each frame
}  // namespace dialects

inline constexpr Variant variants[] = {
    {.dialect = dialects::plain, .baud = 9600, .address = 0},
    {.dialect = dialects::up, .baud = 9600, .address = 1, .late = true},
    {.dialect = dialects::addressed, .baud = 9600, .address = 0, .shares_line = true, .late = true}};

/// A module serves one board.
inline constexpr std::string_view dialects_on_air[] = {dialects::plain, dialects::up};

/// The tables of docs/jbd.md.
[[nodiscard]] std::vector<DocumentTable> document();

inline constexpr Advice advice[] = {
    {Advice::Before::any_setting, "", "Saving settings also sets this board's counters of past protections to zero."}};

inline constexpr Family family{.name = "jbd",
                               .title = "JBD",
                               .variants = variants,
                               .talks = false,
                               .first_address = 1,
                               .last_address = 16,
                               .make = make,
                               .explain = explain,
                               .document = document,
                               .parameters = parameters_of,
                               .relations = relations,
                               .has_mode = true,
                               .advice = advice,
                               .anatomy = anatomy,
                               .on_air = {.layouts = gatt_layouts,
                                          .names = names_on_air,
                                          .address_prefixes = address_prefixes,
                                          .dialects = dialects_on_air,
                                          .login = module_login,
                                          .module_in_words = module_in_words}};

}  // namespace bms::jbd

// Chargery BMS8T, BMS16T and BMS24T, serial port COM3.
#pragma once

#include <memory>
#include <vector>

#include "chargery/chargery_anatomy.hpp"
#include "chargery/chargery_board.hpp"
#include "chargery/chargery_explain.hpp"
#include "chargery/chargery_poll.hpp"
#include "document.hpp"
#include "family.hpp"

namespace bms::chargery {

/// One Chargery board on one line: it talks by itself, at 115200 baud 8N1, and cannot hear.
class Chargery final : public Protocol {
 public:
  explicit Chargery(const BoardOptions& options);

  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  void add_extras(std::vector<Extra>& to) const override { add_extras_of(board_, to); }
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  Board board_;
  bool expected_;
  Poll poll_{board_};
};

[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options = {});

/// None: what the board is set to is on its display unit alone.
[[nodiscard]] inline ParameterList parameters_of(const Variant& /*variant*/) { return {}; }

inline constexpr Variant variants[] = {{.dialect = "", .baud = 115200, .address = 0}};

/// The tables of docs/chargery.md.
[[nodiscard]] std::vector<DocumentTable> document();

inline constexpr Family family{.name = "chargery",
                               .title = "Chargery",
                               .variants = variants,
                               .talks = true,
                               .first_address = 0,
                               .last_address = 0,
                               .make = make,
                               .explain = explain,
                               .document = document,
                               .parameters = parameters_of,
                               .anatomy = anatomy};

}  // namespace bms::chargery

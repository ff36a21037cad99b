// JBD, also sold as LLT Power, Overkill Solar, Xiaoxiang and under many other names.
#pragma once

#include <memory>

#include "family.hpp"
#include "jbd/jbd_board.hpp"
#include "jbd/jbd_document.hpp"
#include "jbd/jbd_explain.hpp"
#include "jbd/jbd_poll.hpp"

namespace bms::jbd {

/// One JBD board on one line: half-duplex, one board per port, 9600 baud 8N1.
class Jbd final : public Protocol {
 public:
  [[nodiscard]] std::unique_ptr<Query<std::string>> probe() override;
  [[nodiscard]] Query<Reading>& poll() override;
  [[nodiscard]] std::unique_ptr<Query<DeviceInfo>> identify() override;
  /// The query refers to this object and must not outlive it.
  [[nodiscard]] Result<std::unique_ptr<Query<CommandResult>>> command(const Command& command) override;
  [[nodiscard]] const Bounds& bounds() const override;

 private:
  Board board_;
  Poll poll_{board_};
};

[[nodiscard]] std::unique_ptr<Protocol> make(const BoardOptions& options = {});

inline constexpr Variant variants[] = {{.dialect = "", .baud = 9600, .address = 0}};

inline constexpr Family family{.name = "jbd",
                               .title = "JBD",
                               .variants = variants,
                               .talks = false,
                               .first_address = 0,
                               .last_address = 0,
                               .make = make,
                               .explain = explain,
                               .document = document};

}  // namespace bms::jbd

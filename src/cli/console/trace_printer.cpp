#include "cli/console/trace_printer.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/console/json_output.hpp"
#include "cli/console/trace_text.hpp"

namespace bms::cli {

TracePrinter::TracePrinter(const Family* family, TraceStyle style, std::ostream& out)
    : style_(style), out_(out), frames_(family, [this](const TraceFrame& frame) { print(frame); }) {}

void TracePrinter::take(const console::TraceNews& news) {
  if (news.lost > 0) {
    frames_.end();
    print_loss(news.lost);
  } else {
    frames_.take(news.piece);
  }
}

void TracePrinter::print(const TraceFrame& frame) {
  if (style_.json) {
    print_json(out_, json_of(frame, zero_, style_.bytes));
  } else {
    out_ << line_of(frame, zero_) << "\n";
    if (style_.bytes) out_ << lines_of_parts(frame);
  }
  out_ << std::flush;
}

void TracePrinter::print_loss(std::uint64_t lost) {
  if (style_.json) return print_json(out_, {{"lost", lost}});
  out_ << "(" << lost << " pieces are missing here: they came faster than they were read)\n" << std::flush;
}

}  // namespace bms::cli
